import type { AssetView } from "../db/assets.ts";
import { findSourceLinks } from "../db/sources.ts";
import { type AssetJson, toAssetJson } from "./asset-json.ts";
import type { WebContext } from "./context.ts";
import { listSourceHashes } from "./provenance-json.ts";

/** An asset by itself, with where what it was made of is claimed. */
export async function describeAsset(
  { db, paths }: Pick<WebContext, "db" | "paths">,
  asset: AssetView,
): Promise<AssetJson> {
  return toAssetJson(paths, asset, await findSourceLinks(db, listSourceHashes(asset.provenance)));
}
