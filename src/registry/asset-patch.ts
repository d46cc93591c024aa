import { z } from "zod";
import { assetInput } from "./asset-input.ts";

const fixed = z.custom<never>(() => false, "can't be changed").optional();

/**
 * What `PATCH /assets/{name}` takes: the fields that change. `null` clears one, and what is left out stays. What the
 * claim is about, and to whom it was shown, can't change.
 */
export const assetPatch = assetInput.partial().extend({
  name: fixed,
  content_hash: fixed,
  hash_algorithm: fixed,
  asset_type: fixed,
  type: fixed,
  post: fixed,
});
export type AssetPatch = z.output<typeof assetPatch>;

type AssetInput = z.output<typeof assetInput>;

/** The input that would register the asset as the patch leaves it. */
export function mergePatch(input: AssetInput, patch: AssetPatch): AssetInput {
  const changed = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const merged: AssetInput = { ...input, ...changed };
  // As at the registration, whoever writes a warning says that there is something to warn of.
  return patch.content_warning == null || patch.sensitive !== undefined
    ? merged
    : { ...merged, sensitive: null };
}
