import { local } from "../../core/paths.ts";
import type { AssetJson } from "../asset-json.ts";
import { AssetFacts } from "./asset-facts.tsx";
import { AssetMedia } from "./asset-media.tsx";
import { ContestedNotice } from "./contested-notice.tsx";
import { FollowRemote } from "./follow-remote.tsx";
import { toParagraphs } from "./format.ts";
import { Metadata } from "./metadata.tsx";
import { PreviewForm } from "./preview.tsx";
import { ProvenanceFacts } from "./provenance.tsx";
import type { AssetProps } from "./props.ts";

/** What its owner may do with a work. */
function OwnActions({ asset }: { asset: AssetJson }) {
  return (
    <ul class="inline own-actions" aria-label="Your work">
      <li>
        <a href={local.editAsset(asset.name)}>Change</a>
      </li>
      {asset.post != null && (
        <li>
          <a href={local.deliveries(asset.name)}>Deliveries to other servers</a>
        </li>
      )}
      <li>
        <a href={local.withdrawAsset(asset.name)}>Withdraw</a>
      </li>
    </ul>
  );
}

/** One work and the claim to it. */
export function AssetPage({ asset, handle, proof, own = false }: AssetProps) {
  const lang = asset.language ?? undefined;
  return (
    <article class="work">
      <header>
        <h1 dir="auto" lang={lang}>
          {asset.name}
        </h1>
        <p class="muted">
          by <a href={local.actor(asset.owner)}>{handle}</a>
        </p>
        {own && <OwnActions asset={asset} />}
      </header>
      <ContestedNotice asset={asset} />
      <div class="work-media">
        <AssetMedia asset={asset} />
      </div>
      <div class="work-columns">
        <section class="description" aria-label="Description">
          {asset.description == null ? (
            <p class="muted">No description.</p>
          ) : (
            toParagraphs(asset.description).map((paragraph, at) => (
              <p key={at} dir="auto" lang={lang}>
                {paragraph}
              </p>
            ))
          )}
          {asset.tags.length > 0 && (
            <ul class="tags" aria-label="Tags">
              {asset.tags.map((tag) => (
                <li key={tag}>
                  <a href={local.tag(tag)} dir="auto">
                    #{tag}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </section>
        <AssetFacts asset={asset} proof={proof} />
      </div>
      <ProvenanceFacts name={asset.name} provenance={asset.provenance} />
      <Metadata value={asset.metadata} />
      {own && (
        <details class="preview-form">
          <summary>Change the preview</summary>
          <PreviewForm name={asset.name} form={{ values: {}, errors: [] }} />
        </details>
      )}
      <FollowRemote username={asset.owner} />
    </article>
  );
}
