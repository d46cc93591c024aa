import { isSupportedBlurhash } from "../core/blurhash.ts";
import { guessMediaType } from "../core/media-type.ts";
import { formatDuration } from "../core/time.ts";
import { compact, type Json, type JsonObject } from "./json.ts";
import type { Work } from "./work.ts";

/** The largest width or height that is stated: Pixelfed drops a post that states more. */
const largestSide = 5000;

/** Images that every server shows. Another one, such as a drawing in SVG, is shown by its preview where it has one. */
const shownImage = /^image\/(?:jpeg|png|gif|webp|avif)$/;

/** The media, or else its preview. Without a media type there is none: receivers require one. */
export function toAttachments(work: Work): Json | undefined {
  const media = work.url == null ? undefined : toAttachment(work, work.url, work.mediaType);
  const preview =
    work.previewUrl == null ? undefined : toAttachment(work, work.previewUrl, work.preview?.mediaType);
  const isShown = media?.["type"] !== "Image" || shownImage.test(String(media["mediaType"]));
  const attachment = isShown ? (media ?? preview) : (preview ?? media);
  return attachment == null ? undefined : [attachment];
}

function toAttachment(work: Work, url: string, statedType: string | undefined): JsonObject | undefined {
  const mediaType = statedType ?? guessMediaType(url);
  const type = /^(image|video|audio)\//.exec(mediaType ?? "")?.[1];
  if (type == null || mediaType == null) return undefined;
  return compact({
    type: type === "image" ? "Image" : type === "video" ? "Video" : "Audio",
    mediaType,
    url,
    name: work.alt,
    summary: work.alt,
    ...toSize(work, url),
    blurhash: work.blurhash != null && isSupportedBlurhash(work.blurhash) ? work.blurhash : undefined,
    license: work.license,
  });
}

/** What is known of the file; nothing of it holds for a preview, of which something may be known by itself. */
function toSize(work: Work, url: string): { [key: string]: Json | undefined } {
  const isPreview = url !== work.url;
  const { width, height } = isPreview ? (work.preview ?? {}) : work;
  const duration = isPreview ? undefined : work.duration;
  const small = width != null && height != null && Math.max(width, height) <= largestSide;
  return {
    ...(small ? { width, height } : {}),
    duration: duration == null ? undefined : formatDuration(duration),
  };
}
