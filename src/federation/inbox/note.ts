import type { InboxContext } from "@fedify/fedify";
import {
  Article,
  type Create,
  Document,
  Event,
  Link,
  Note,
  Object as ActivityObject,
  PUBLIC_COLLECTION,
  Question,
  type Update,
} from "@fedify/vocab";
import { asObject } from "../../claims/json.ts";
import { toParagraphs } from "../../claims/markup.ts";
import { escapeHtml } from "../../core/html.ts";
import { parseNoteUrl } from "../../core/paths.ts";
import { findRemoteActor } from "../../db/remote-actors.ts";
import type { RemotePost } from "../../registry/receive-post.ts";
import type { FederationContext } from "../context.ts";

/** Longest content that is kept, in characters. */
const longest = 100_000;

/** What counts as a post; a `Document` may be a page, an image, a video or audio. Chat messages are none. */
type Post = Note | Article | Question | Document | Event;
const postTypes = [Note, Article, Question, Document, Event];

/**
 * The post that an activity carries, where it is its sender's own and stands on its sender's server. One that was not
 * sent along is fetched from there.
 */
export async function readPost(
  context: InboxContext<FederationContext>,
  activity: Create | Update,
  actor: string,
): Promise<RemotePost | undefined> {
  const { origin } = new URL(actor);
  if (activity.objectId?.origin !== origin) return undefined;
  const sent = asObject(asObject(await activity.toJsonLd())?.["object"]);
  const loaders = { documentLoader: context.documentLoader, contextLoader: context.contextLoader };
  const note = await activity.getObject(loaders);
  if (!isPost(note) || note.id?.origin !== origin) return undefined;
  if (!note.attributionIds.some(({ href }) => href === actor)) return undefined;
  const document = sent ?? asObject(await note.toJsonLd());
  const { paths, db } = context.data;
  const published = note.published ?? activity.published;
  return {
    iri: note.id.href,
    url: findPage(note),
    content: toHtml(note).slice(0, longest),
    claim: findClaim(document?.["claim"], origin),
    published: published == null ? new Date() : new Date(published.epochMilliseconds),
    updated: note.updated == null ? null : new Date(note.updated.epochMilliseconds),
    answers: note.replyTargetId == null ? undefined : parseNoteUrl(paths, note.replyTargetId.href),
    audience: findAudience(note, activity, (await findRemoteActor(db, actor))?.followers),
  };
}

function isPost(object: ActivityObject | null): object is Post {
  return postTypes.some((type) => object instanceof type);
}

/** The page of a post: some servers name several addresses, of which the page is the one in HTML. */
function findPage(note: Post): string | null {
  const links = note.urls.map((url) =>
    url instanceof Link ? { href: url.href, type: url.mediaType } : { href: url, type: null },
  );
  const page = links.find(({ type }) => type === "text/html") ?? links.find(({ type }) => type == null);
  const href = (page ?? links[0])?.href;
  return href != null && /^https?:$/.test(href.protocol) ? href.href : null;
}

/** The content with what stands before it elsewhere: a content warning, and the title of what is no Note. */
function toHtml(note: Post): string {
  const content = (note.content ?? "").toString();
  const title = note instanceof Note ? undefined : note.name?.toString();
  const warning = note.summary?.toString().replaceAll(/<[^>]*>/g, "");
  return [
    title == null || title === "" ? "" : `<p><strong>${escapeHtml(title)}</strong></p>`,
    warning == null || warning === "" ? "" : `<p><em>${escapeHtml(warning)}</em></p>`,
    // PeerTube writes Markdown, and says so.
    note.mediaType == null || note.mediaType === "text/html" || note instanceof Note
      ? content
      : toParagraphs(content),
  ].join("");
}

/** Our own property, which Fedify's vocabulary does not know, as it stands in the document. */
function findClaim(claim: unknown, origin: string): string | null {
  return typeof claim === "string" && URL.canParse(claim) && new URL(claim).origin === origin ? claim : null;
}

/** Whom a post is for. One that is addressed to nobody at all is taken to be for those who got it as followers. */
function findAudience(
  note: Post,
  activity: Create | Update,
  followers: string | null | undefined,
): RemotePost["audience"] {
  const own = listAddressees(note);
  const addressees = own.length > 0 ? own : listAddressees(activity);
  if (addressees.includes(PUBLIC_COLLECTION.href)) return "public";
  if (addressees.length === 0 || (followers != null && addressees.includes(followers))) return "followers";
  return "direct";
}

function listAddressees(object: ActivityObject): string[] {
  return [...object.toIds, ...object.ccIds, ...object.audienceIds].map(({ href }) => href);
}
