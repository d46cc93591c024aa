import { toHashtag } from "../core/hashtag.ts";
import { escapeHtml } from "../core/html.ts";
import type { PostVisibility } from "../core/media.ts";
import type { NoteCollection, Paths } from "../core/paths.ts";
import { formatInstant } from "../core/time.ts";
import { documentContext } from "./context.ts";
import { compact, type Json, type JsonObject } from "./json.ts";
import { toParagraphs } from "./markup.ts";
import { toAttachments } from "./post-attachment.ts";
import { everybody } from "./public.ts";
import type { Change, Registration, Withdrawal, Work } from "./work.ts";

/**
 * The post: an unproved `Create{Note}` that shows a claim to followers, written so that Mastodon, Pixelfed and the
 * others show it whole. The claim is named by a property of ours and by no `Link` tag, which Hollo and Pleroma would
 * take for a quotation.
 */
export function buildPost(paths: Paths, registration: Registration): JsonObject {
  return {
    "@context": documentContext,
    id: paths.post(registration.index),
    type: "Create",
    actor: paths.actor(registration.username),
    published: formatInstant(registration.published),
    ...addressees(paths, registration.username, registration.work.post),
    object: buildNote(paths, registration),
  };
}

/** The change of a post: an unproved `Update` with the whole Note, to whom the post went. */
export function buildPostUpdate(paths: Paths, { registration, index, updated }: Change): JsonObject {
  return {
    "@context": documentContext,
    id: paths.noteUpdate(registration.index, index),
    type: "Update",
    actor: paths.actor(registration.username),
    published: formatInstant(updated),
    ...addressees(paths, registration.username, registration.work.post),
    object: buildNote(paths, registration, updated),
  };
}

/** The end of a post: an unproved `Delete`, to whom the post went. */
export function buildPostDelete(paths: Paths, withdrawal: Withdrawal): JsonObject {
  const deleted = formatInstant(withdrawal.deleted);
  return {
    "@context": documentContext,
    id: paths.noteDelete(withdrawal.claimIndex),
    type: "Delete",
    actor: paths.actor(withdrawal.username),
    published: deleted,
    ...addressees(paths, withdrawal.username, withdrawal.post),
    object: { id: paths.note(withdrawal.claimIndex), type: "Tombstone", formerType: "Note", deleted },
  };
}

function buildNote(paths: Paths, registration: Registration, updated?: Date): JsonObject {
  const { work, username, index, published } = registration;
  const content = toContent(paths, work);
  return compact({
    id: paths.note(index),
    type: "Note",
    attributedTo: paths.actor(username),
    published: formatInstant(published),
    updated: updated == null ? undefined : formatInstant(updated),
    ...addressees(paths, username, work.post),
    url: paths.assetPage(work.name),
    summary: work.sensitive ? work.contentWarning : undefined,
    sensitive: work.sensitive,
    content,
    contentMap: work.language == null ? undefined : { [work.language]: content },
    attachment: toAttachments(work),
    tag: toHashtags(paths, work.tags),
    contentHash: { ...work.contentHash },
    claim: paths.activity(index),
    likes: emptyCollection(paths, index, "likes"),
    shares: emptyCollection(paths, index, "shares"),
    replies: emptyCollection(paths, index, "replies"),
  });
}

/** Others read a count from an embedded collection only. What is signed can't count, so it counts nothing. */
function emptyCollection(paths: Paths, index: number, kind: NoteCollection): JsonObject {
  return { id: paths.noteCollection(index, kind), type: "Collection", totalItems: 0 };
}

function addressees(paths: Paths, username: string, post: PostVisibility): { to: Json; cc: Json } {
  const followers = paths.followers(username);
  return post === "public" ? { to: [everybody], cc: [followers] } : { to: [followers], cc: [everybody] };
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
