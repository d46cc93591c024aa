import { createHash } from "node:crypto";
import { readImageFile } from "../core/image-file.ts";
import { maxPreviewBytes, maxPreviewSide } from "../core/preview.ts";
import type { NewMedia } from "../db/media.ts";

/** An image that may be kept, and what is noted of it. */
export interface PreviewImage {
  readonly bytes: Uint8Array;
  readonly media: NewMedia;
}

/** The reasons are the rest of a sentence that begins with what the image is called. */
export type PreviewCheck =
  | { readonly type: "image"; readonly image: PreviewImage }
  | { readonly type: "too_large" | "unsupported" | "invalid"; readonly reason: string };

/**
 * Whether bytes are an image that may be kept. What they are is read from them; a media type that was sent along must
 * say the same. The bytes are kept as they are.
 */
export function checkPreview(bytes: Uint8Array, declared: string | undefined): PreviewCheck {
  if (bytes.byteLength > maxPreviewBytes) return { type: "too_large", reason: "must have at most 1 MiB" };
  const file = readImageFile(bytes);
  if (file.type === "unknown") return { type: "unsupported", reason: "must be a JPEG, PNG or WebP image" };
  const { mediaType } = file;
  if (declared != null && declared !== mediaType) {
    return { type: "unsupported", reason: `is ${mediaType} by its bytes, and was sent as ${declared}` };
  }
  if (file.type === "damaged") {
    return { type: "invalid", reason: `is no whole ${mediaType}: it is cut off, or not as browsers show it` };
  }
  const { width, height } = file.size;
  if (Math.max(width, height) > maxPreviewSide) {
    const most = maxPreviewSide.toLocaleString("en");
    return { type: "invalid", reason: `is ${width} x ${height} pixels; each side must have at most ${most}` };
  }
  const hash = createHash("sha3-256").update(bytes).digest("hex");
  const media = { hash, media_type: mediaType, bytes: bytes.byteLength, width, height };
  return { type: "image", image: { bytes, media } };
}
