import type { AssetJson } from "../asset-json.ts";
import { AssetCard } from "./asset-card.tsx";

/** Assets side by side, in the order given. */
export function AssetGrid({ assets }: { assets: readonly AssetJson[] }) {
  return (
    <ul class="gallery">
      {assets.map((asset) => (
        <li key={asset.index}>
          <AssetCard asset={asset} />
        </li>
      ))}
    </ul>
  );
}
