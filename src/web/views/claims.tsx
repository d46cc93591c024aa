import type { AssetJson } from "../asset-json.ts";
import { AssetGrid } from "./asset-grid.tsx";

/** The claims to a hash that still stand, where the first one was withdrawn. */
export function ClaimsPage({ hash, assets }: { hash: string; assets: readonly AssetJson[] }) {
  return (
    <>
      <h1>Claims to a hash</h1>
      <p>
        <code class="hash">{hash}</code>
      </p>
      <p class="muted">The first claim to it was withdrawn. These stand.</p>
      <AssetGrid assets={assets} />
    </>
  );
}
