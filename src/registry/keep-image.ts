import { inTransaction } from "../db/connection.ts";
import { lockLog } from "../db/log.ts";
import { insertMedia, lockMedia, sumMedia } from "../db/media.ts";
import { collectMedia, settleWrite } from "./collect-media.ts";
import type { RegistryContext } from "./context.ts";
import type { PreviewImage } from "./preview-image.ts";

/** The user's images would take more room than he has. */
export interface OverQuota {
  readonly type: "over_quota";
  /** Bytes. */
  readonly quota: number;
}

/**
 * Keeps an image for an asset of the user's. What makes the asset show it is done by `work`, in the transaction in which
 * the image is noted; when the asset does not show it in the end, it is deleted again.
 */
export async function keepImage<T>(
  context: RegistryContext,
  asset: { readonly userId: number; readonly name: string },
  { media, bytes }: PreviewImage,
  work: (within: RegistryContext) => Promise<T>,
): Promise<T | OverQuota> {
  const { db, mediaFiles, mediaQuota: quota } = context;
  const write = mediaFiles.begin(media.hash);
  try {
    return await inTransaction(db, async (trx) => {
      await lockMedia(trx, media.hash);
      await mediaFiles.write(write, bytes);
      // Behind this lock nobody else adds to what the user has.
      await lockLog(trx);
      const others = await sumMedia(trx, asset.userId, { hash: media.hash, assetName: asset.name });
      if (others + media.bytes > quota) return { type: "over_quota", quota };
      await insertMedia(trx, media);
      return await work({ ...context, db: trx });
    });
  } finally {
    await settleWrite(context, write);
    await collectMedia(context);
  }
}
