import { buildClaimDelete } from "../claims/claim.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildPostDelete } from "../claims/post.ts";
import type { Withdrawal } from "../claims/work.ts";
import { wholeSecond } from "../core/time.ts";
import { type AssetView, deleteAsset, findAsset } from "../db/assets.ts";
import { insertBurnt } from "../db/burnt.ts";
import { inTransaction } from "../db/connection.ts";
import { appendActivity, eraseClaim, lockLog } from "../db/log.ts";
import { erasePublications } from "../db/publications.ts";
import type { Transaction } from "../db/schema.ts";
import { collectMedia } from "./collect-media.ts";
import type { RegistryContext } from "./context.ts";

export type WithdrawAssetResult =
  | { readonly type: "withdrawn"; readonly activity: JsonObject }
  /** The user has no asset of that name. */
  | { readonly type: "not_found" };

/**
 * Withdraws the user's asset: one transaction appends a proved `Delete` to the log, erases the claim, its Updates, the
 * post and the asset, burns their addresses, and has the followers told. What is left is that there was something.
 */
export async function withdrawAsset(
  context: RegistryContext,
  user: { readonly id: number; readonly username: string },
  name: string,
): Promise<WithdrawAssetResult> {
  const result = await inTransaction<WithdrawAssetResult>(context.db, async (trx) => {
    const index = await lockLog(trx);
    const asset = await findAsset(trx, name);
    if (asset == null || asset.user_id !== user.id) return { type: "not_found" };
    const { username } = user;
    const claimIndex = asset.activity_index;
    const withdrawal = { username, claimIndex, index, deleted: wholeSecond(), post: asset.post };
    const { deleted } = withdrawal;
    const activity = await context.sign(username, buildClaimDelete(context.paths, withdrawal), deleted);
    const document = toStoredText(activity);
    await appendActivity(trx, {
      index,
      userId: user.id,
      type: "Delete",
      document,
      created: deleted,
      claimIndex,
    });
    await erase(context, trx, asset);
    if (asset.post !== "none") await publishDelete(context, trx, user.id, withdrawal);
    return { type: "withdrawn", activity };
  });
  await collectMedia(context);
  return result;
}

async function erase({ paths, burnKey }: RegistryContext, trx: Transaction, asset: AssetView): Promise<void> {
  const index = asset.activity_index;
  await eraseClaim(trx, index);
  await erasePublications(trx, index);
  await deleteAsset(trx, asset.id);
  const object = paths.object({ value: asset.content_hash }, asset.later_claim ? index : undefined);
  for (const address of [paths.asset(asset.name), object]) await insertBurnt(trx, burnKey, address);
}

async function publishDelete(
  context: RegistryContext,
  trx: Transaction,
  userId: number,
  withdrawal: Withdrawal,
): Promise<void> {
  const { username, claimIndex, index, deleted } = withdrawal;
  const post = await context.sign(username, buildPostDelete(context.paths, withdrawal), deleted);
  await context.publish(trx, {
    iri: context.paths.noteDelete(claimIndex),
    userId,
    document: toStoredText(post),
    created: deleted,
    activityIndex: index,
    noteIndex: claimIndex,
  });
}
