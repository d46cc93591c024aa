import { toHashtag } from "../core/hashtag.ts";
import { escapeHtml } from "../core/html.ts";
import { guessMediaType } from "../core/media-type.ts";
import type { Paths } from "../core/paths.ts";
import { formatDuration, formatInstant } from "../core/time.ts";
import { documentContext } from "./context.ts";
import { compact, type Json, type JsonObject } from "./json.ts";
import { toParagraphs } from "./markup.ts";
import type { Registration, Work } from "./work.ts";

const everybody = "https://www.w3.org/ns/activitystreams#Public";

/** The largest width or height that is stated: Pixelfed drops a post that states more. */
const largestSide = 5000;

/**
 * The post: an unproved `Create{Note}` that shows a claim to followers, written so that Mastodon, Pixelfed and the
 * others show it whole. The claim is named by a property of ours and by no `Link` tag, which Hollo and Pleroma would
 * take for a quotation.
 */
export function buildPost(paths: Paths, registration: Registration): JsonObject {
  const { work, username, index, published } = registration;
  const envelope = {
    attributedTo: paths.actor(username),
    published: formatInstant(published),
    ...addressees(paths, registration),
  };
  const { attributedTo: actor, ...rest } = envelope;
  const content = toContent(paths, work);
  return {
    "@context": documentContext,
    id: paths.post(index),
    type: "Create",
    actor,
    ...rest,
    object: compact({
      id: paths.note(index),
      type: "Note",
      ...envelope,
      url: paths.assetPage(work.name),
      summary: work.sensitive ? work.contentWarning : undefined,
      sensitive: work.sensitive,
      content,
      contentMap: work.language == null ? undefined : { [work.language]: content },
      attachment: toAttachments(work),
      tag: toHashtags(paths, work.tags),
      contentHash: { ...work.contentHash },
      claim: paths.activity(index),
    }),
  };
}

function addressees(paths: Paths, { work, username }: Registration): { to: Json; cc: Json } {
  const followers = paths.followers(username);
  return work.post === "public" ? { to: [everybody], cc: [followers] } : { to: [followers], cc: [everybody] };
}

/** A Note's `name` is shown nowhere, so the title opens the content. */
function toContent(paths: Paths, work: Work): string {
  const hashtags = findHashtags(work.tags).map(
    ({ hashtag, tag }) =>
      `<a href="${escapeHtml(paths.tag(tag))}" class="mention hashtag" rel="tag">#${hashtag}</a>`,
  );
  const page = escapeHtml(paths.assetPage(work.name));
  return [
    `<p><strong>${escapeHtml(work.name)}</strong></p>`,
    work.description == null ? "" : toParagraphs(work.description),
    hashtags.length === 0 ? "" : `<p>${hashtags.join(" ")}</p>`,
    `<p><a href="${page}">${page}</a></p>`,
  ].join("");
}

function toHashtags(paths: Paths, tags: readonly string[]): Json | undefined {
  const hashtags = findHashtags(tags);
  if (hashtags.length === 0) return undefined;
  return hashtags.map(({ hashtag, tag }) => ({ type: "Hashtag", name: `#${hashtag}`, href: paths.tag(tag) }));
}

function findHashtags(tags: readonly string[]): { hashtag: string; tag: string }[] {
  const seen = new Set<string>();
  return tags.flatMap((tag) => {
    const hashtag = toHashtag(tag);
    if (hashtag == null || seen.has(hashtag.toLowerCase())) return [];
    seen.add(hashtag.toLowerCase());
    return [{ hashtag, tag }];
  });
}

/** The media, or else its preview. Without a media type there is none: receivers require one. */
function toAttachments(work: Work): Json | undefined {
  const media = work.url == null ? undefined : toAttachment(work, work.url, work.mediaType);
  const preview = work.previewUrl == null ? undefined : toAttachment(work, work.previewUrl, undefined);
  const attachment = media ?? preview;
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
    blurhash: work.blurhash,
    license: work.license,
  });
}

/** What is known of the file; nothing of it holds for a preview. */
function toSize(work: Work, url: string): { [key: string]: Json | undefined } {
  if (url !== work.url) return {};
  const { width, height, duration } = work;
  const small = width != null && height != null && Math.max(width, height) <= largestSide;
  return {
    ...(small ? { width, height } : {}),
    duration: duration == null ? undefined : formatDuration(duration),
  };
}
