import { isDeepStrictEqual } from "node:util";
import { buildClaimUpdate } from "../claims/claim.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildPostUpdate } from "../claims/post.ts";
import type { Change } from "../claims/work.ts";
import { wholeSecond } from "../core/time.ts";
import { findAsset, updateAsset } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { appendActivity, lockLog } from "../db/log.ts";
import type { Transaction } from "../db/schema.ts";
import { type AssetPatch, mergePatch } from "./asset-patch.ts";
import { toColumns, toInput, toRegistration, toStoredWork } from "./asset-row.ts";
import { collectMedia } from "./collect-media.ts";
import type { RegistryContext } from "./context.ts";
import { linkPreview } from "./link-preview.ts";

export type UpdateAssetResult =
  | { readonly type: "updated"; readonly activity: JsonObject }
  /** The asset is so already; nothing was made. */
  | { readonly type: "unchanged"; readonly latestIndex: number }
  /** The user has no asset of that name. */
  | { readonly type: "not_found" };

/**
 * Changes what is stated of the user's asset: one transaction appends a proved `Update` with the whole object to the
 * log and, where there is a post, has the changed Note delivered. What was signed before stays as it is.
 */
export async function changeAsset(
  context: RegistryContext,
  user: { readonly id: number; readonly username: string },
  name: string,
  patch: AssetPatch,
): Promise<UpdateAssetResult> {
  const result = await inTransaction<UpdateAssetResult>(context.db, async (trx) => {
    const index = await lockLog(trx);
    const asset = await findAsset(trx, name);
    if (asset == null || asset.user_id !== user.id) return { type: "not_found" };
    const before = toInput(asset);
    const work = toStoredWork(asset, mergePatch(before, patch));
    const shown = await linkPreview(trx, context.paths, asset.id, work);
    if (isDeepStrictEqual(work, toStoredWork(asset, before))) {
      return { type: "unchanged", latestIndex: asset.latest_index };
    }
    const change: Change = { registration: toRegistration(asset, shown), index, updated: wholeSecond() };
    const { updated } = change;
    const activity = await context.sign(user.username, buildClaimUpdate(context.paths, change), updated);
    await appendActivity(trx, {
      index,
      userId: user.id,
      type: "Update",
      document: toStoredText(activity),
      created: updated,
      claimIndex: asset.activity_index,
    });
    await updateAsset(trx, asset.id, { columns: toColumns(work), latestIndex: index, updated });
    if (asset.post !== "none") await publishChange(context, trx, user.id, change);
    return { type: "updated", activity };
  });
  if (patch.preview_url !== undefined) await collectMedia(context);
  return result;
}

async function publishChange(
  context: RegistryContext,
  trx: Transaction,
  userId: number,
  change: Change,
): Promise<void> {
  const { registration, index, updated } = change;
  const post = await context.sign(registration.username, buildPostUpdate(context.paths, change), updated);
  await context.publish(trx, {
    iri: context.paths.noteUpdate(registration.index, index),
    userId,
    document: toStoredText(post),
    created: updated,
    activityIndex: index,
    noteIndex: registration.index,
  });
}
