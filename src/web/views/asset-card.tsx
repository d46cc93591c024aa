import { local } from "../../core/paths.ts";
import type { AssetJson } from "../asset-json.ts";
import { AssetMedia } from "./asset-media.tsx";
import { When } from "./when.tsx";

/** An asset in a gallery: what it looks like, and its label. */
export function AssetCard({ asset }: { asset: AssetJson }) {
  return (
    <article class="card">
      <AssetMedia asset={asset} thumbnail />
      <p class="card-title">
        <a href={local.assetPage(asset.name)} dir="auto" lang={asset.language ?? undefined}>
          {asset.name}
        </a>
      </p>
      <p class="card-label">
        <span class="index">#{asset.index}</span> <a href={local.actor(asset.owner)}>@{asset.owner}</a>{" "}
        <When at={asset.created_at} />
        {asset.contested && <span class="badge warn">Contested</span>}
      </p>
    </article>
  );
}
