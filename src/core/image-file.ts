import { isJpeg, readJpeg } from "./image-jpeg.ts";
import { isPng, readPng } from "./image-png.ts";
import type { ImageSize } from "./image-size.ts";
import { isWebp, readWebp } from "./image-webp.ts";
import type { PreviewType } from "./preview.ts";

export type ImageFile =
  | { readonly type: "image"; readonly mediaType: PreviewType; readonly size: ImageSize }
  /** It begins as an image of that type, and is none: cut off, or contradicting itself. */
  | { readonly type: "damaged"; readonly mediaType: PreviewType }
  | { readonly type: "unknown" };

const kinds = [
  { mediaType: "image/jpeg", is: isJpeg, read: readJpeg },
  { mediaType: "image/png", is: isPng, read: readPng },
  { mediaType: "image/webp", is: isWebp, read: readWebp },
] as const;

/**
 * What kind of image a file is, and how large, by its bytes alone. Its structure is followed to the end; its pixels are
 * not decoded.
 */
export function readImageFile(bytes: Uint8Array): ImageFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = kinds.find(({ is }) => is(view));
  if (kind == null) return { type: "unknown" };
  const { mediaType } = kind;
  const size = kind.read(view);
  return size != null && size.width > 0 && size.height > 0
    ? { type: "image", mediaType, size }
    : { type: "damaged", mediaType };
}
