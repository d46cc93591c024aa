import type { Work } from "../claims/work.ts";
import { parseMediaUrl, type Paths } from "../core/paths.ts";
import { linkMedia } from "../db/media.ts";
import type { Transaction } from "../db/schema.ts";

/**
 * Has an image of this server kept for as long as the asset's preview is that one. Gives the work with what is known of
 * the image.
 */
export async function linkPreview(
  trx: Transaction,
  paths: Paths,
  assetId: number,
  work: Work,
): Promise<Work> {
  const hash = work.previewUrl == null ? undefined : parseMediaUrl(paths, work.previewUrl);
  const media = await linkMedia(trx, assetId, hash);
  if (media == null) return work;
  const { media_type: mediaType, width, height } = media;
  return { ...work, preview: { mediaType, width, height } };
}
