import { findAsset } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { deletePin, featuredPosts, insertPin, listPinned } from "../db/pins.ts";
import { lockUser } from "../db/profiles.ts";
import type { RegistryContext } from "./context.ts";

export type PinResult = "pinned" | "already_pinned" | "not_found" | "no_post" | "full";

/** Features the post of one of the user's own assets on his profile: at most five of them. */
export function pinAsset(context: RegistryContext, userId: number, name: string): Promise<PinResult> {
  return inTransaction(context.db, async (trx) => {
    await lockUser(trx, userId);
    const asset = await findAsset(trx, name);
    if (asset == null || asset.user_id !== userId) return "not_found";
    if (asset.post === "none") return "no_post";
    const pinned = await listPinned(trx, userId);
    if (pinned.includes(asset.id)) return "already_pinned";
    if (pinned.length >= featuredPosts) return "full";
    await insertPin(trx, { userId, assetId: asset.id });
    return "pinned";
  });
}

/** Ends it. Gives `false` where the user has no such asset. */
export function unpinAsset(context: RegistryContext, userId: number, name: string): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    const asset = await findAsset(trx, name);
    if (asset == null || asset.user_id !== userId) return false;
    await deletePin(trx, { userId, assetId: asset.id });
    return true;
  });
}
