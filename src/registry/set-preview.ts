import type { Work } from "../claims/work.ts";
import { findAsset } from "../db/assets.ts";
import type { RegistryContext } from "./context.ts";
import { keepImage, type OverQuota } from "./keep-image.ts";
import type { PreviewImage } from "./preview-image.ts";
import { registerAsset, type RegisterAssetResult } from "./register-asset.ts";
import { changeAsset, type UpdateAssetResult } from "./update-asset.ts";

interface LocalUser {
  readonly id: number;
  readonly username: string;
}

/** Has the user's asset shown by an image that is kept here: a change as any other. */
export async function setPreview(
  context: RegistryContext,
  user: LocalUser,
  name: string,
  image: PreviewImage,
): Promise<UpdateAssetResult | OverQuota> {
  // Nothing is written for those who have no such asset.
  const asset = await findAsset(context.db, name);
  if (asset?.user_id !== user.id) return { type: "not_found" };
  const preview = { preview_url: context.paths.media(image.media.hash) };
  return await keepImage(context, { userId: user.id, name }, image, (within) =>
    changeAsset(within, user, name, preview),
  );
}

/** Registers a work with an image that shows it: both or neither. */
export function registerAssetWithPreview(
  context: RegistryContext,
  user: LocalUser,
  work: Work,
  image: PreviewImage,
): Promise<RegisterAssetResult | OverQuota> {
  const shown = { ...work, previewUrl: context.paths.media(image.media.hash) };
  return keepImage(context, { userId: user.id, name: work.name }, image, (within) =>
    registerAsset(within, user, shown),
  );
}
