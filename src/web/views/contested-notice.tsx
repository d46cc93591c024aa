import { local } from "../../core/paths.ts";
import type { AssetJson } from "../asset-json.ts";
import { httpUrl } from "./http-url.ts";

/** Says when the same bytes are claimed more than once, and where the first claim is. */
export function ContestedNotice({ asset }: { asset: AssetJson }) {
  const first = httpUrl(asset.first_claim);
  if (!asset.contested && first == null) return null;
  return (
    <aside class="notice warn" aria-label="Contested claim">
      <p>
        <strong>{asset.contested ? "This claim is contested." : "This is a later claim."}</strong>{" "}
        {first == null ? (
          <>
            It is the first one to this hash, and others claim the same.{" "}
            <a href={local.object(asset.content_hash)}>See all claims</a>.
          </>
        ) : (
          <>
            The same hash was claimed before. <a href={first}>See the first claim</a>.
          </>
        )}
      </p>
    </aside>
  );
}
