import jsonld from "@fedify/vocab-runtime/jsonld";
import { load } from "./html.ts";
import { asObject, type Json, type JsonObject } from "../../src/claims/json.ts";
import { loadContext } from "../../src/net/contexts.ts";

/**
 * What other servers make of a document of ours, one small model for each thing they look at. Each says as a sentence
 * what goes wrong, or `undefined` where all is well.
 */
export type Receiver = (activity: JsonObject) => string | undefined;

const publicNames = new Set(["https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"]);
/** What Mastodon's sanitiser keeps of a remote post, with the attributes it keeps. */
const keptElements: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    "p br span em strong ul ol li blockquote pre code".split(" ").map((name) => [name, [] as string[]]),
  ),
  span: ["class"],
  a: ["href", "rel", "class"],
};

/** A list, as every receiver makes one of a value that may stand alone or be absent. */
export const list = (value: Json | undefined): readonly Json[] =>
  value == null ? [] : isList(value) ? value : [value];
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
const objects = (value: Json | undefined): JsonObject[] =>
  list(value)
    .map((item) => asObject(item))
    .filter((item) => item != null);
const noteOf = (activity: JsonObject): JsonObject => asObject(activity["object"]) ?? {};
const attachments = (activity: JsonObject): JsonObject[] => objects(noteOf(activity)["attachment"]);
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const isTime = (value: Json | undefined): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text(value)) && !Number.isNaN(Date.parse(text(value)));

/** Mastodon: native types keep their content, converted ones become name, summary and link. Pixelfed: Note only. */
export const readsType: Receiver = (activity) => {
  const { type } = noteOf(activity);
  if (typeof type !== "string") return "Pixelfed compares the type with one text, and drops the post";
  if (type === "Note") return undefined;
  return type === "Question" ? "Pixelfed drops it" : "Mastodon shows name and link, and loses the content";
};

/** No server shows the name of a Note. */
export const readsTitle: Receiver = (activity) => {
  const note = noteOf(activity);
  if (note["name"] != null) return "a name is shown by nobody";
  const [first] = load(text(note["content"])).elements;
  return /^<p><strong>[^<]+<\/strong><\/p>/.test(text(note["content"])) && first === "p"
    ? undefined
    : "the title is not shown first";
};

/** Mastodon's sanitiser: what it takes away was meant to be seen. */
export const readsContent: Receiver = (activity) => {
  const { tags, balanced } = load(text(noteOf(activity)["content"]));
  if (tags.length === 0) return "there is no content";
  if (!balanced) return "the content is not well-formed";
  for (const { name, attributes } of tags) {
    const kept = keptElements[name];
    if (kept == null) return `<${name}> is taken away`;
    const lost = attributes.find((attribute) => !kept.includes(attribute));
    if (lost != null) return `${lost} of <${name}> is taken away`;
  }
  return undefined;
};

/** Every server hides the content behind a summary; Mastodon hides media where it is sensitive. */
export const readsSummary: Receiver = (activity) => {
  const { summary, sensitive } = noteOf(activity);
  if (typeof sensitive !== "boolean") return "sensitive is neither true nor false";
  return summary == null || sensitive ? undefined : "a summary hides what is not sensitive";
};

/** Mastodon: the first text/html of an array, else the address itself; it must be of the author's host. */
export const readsUrl: Receiver = (activity) => {
  const { url, id } = noteOf(activity);
  const html = objects(url).find((link) => link["mediaType"] === "text/html")?.["href"];
  const address = typeof url === "string" ? url : text(html);
  if (!URL.canParse(address)) return "there is no permalink";
  if (new URL(address).origin !== new URL(text(id)).origin) return "the permalink is another host's";
  return Array.isArray(url) ? "which of several addresses counts depends on the server" : undefined;
};

/** Pixelfed knows Image, Document and Video; Mastodon goes by the media type. */
export const readsAttachmentType: Receiver = (activity) => {
  for (const { type, mediaType } of attachments(activity)) {
    const kind = text(mediaType).split("/")[0];
    const expected = kind === "image" ? "Image" : kind === "video" ? "Video" : "Audio";
    if (type !== expected) return `a ${text(mediaType)} as ${text(type)} is shown as something else`;
  }
  return attachments(activity).length === 0 ? "there is no picture" : undefined;
};

/** Mastodon and GoToSocial: `summary`, else `name`. Pixelfed: `name`. */
export const readsAlt: Receiver = (activity) => {
  for (const { summary, name } of attachments(activity)) {
    const mastodon = summary ?? name;
    if (mastodon == null && name == null) return "there is no alternative text";
    if (mastodon !== name) return "the alternative text depends on the server";
  }
  return undefined;
};

/** Pixelfed validates `integer, max: 5000` and drops the whole post where that fails. */
export const readsSize: Receiver = (activity) => {
  for (const attachment of attachments(activity)) {
    for (const side of [attachment["width"], attachment["height"]]) {
      if (side != null && (!Number.isInteger(side) || Number(side) > 5000)) return "Pixelfed drops the post";
    }
    if ((attachment["width"] == null) !== (attachment["height"] == null)) return "half a size is no size";
  }
  return undefined;
};

/** Pixelfed: 6 to 164 characters. Mastodon: at most 5 components in either direction. */
export const readsBlurhash: Receiver = (activity) => {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
  for (const { blurhash } of attachments(activity)) {
    if (blurhash == null) continue;
    const hash = text(blurhash);
    if (hash.length < 6 || hash.length > 164) return "Pixelfed drops the post";
    const flag = alphabet.indexOf(hash.charAt(0));
    if ((flag % 9) + 1 > 5 || Math.floor(flag / 9) + 1 > 5) return "Mastodon shows no blur";
  }
  return undefined;
};

/** Mastodon and Pixelfed leave an attachment out that says not what it is, or cannot be fetched. */
export const readsMediaType: Receiver = (activity) => {
  for (const { mediaType, url } of attachments(activity)) {
    if (!/^(image|video|audio)\/[\w.+-]+$/.test(text(mediaType))) return "the attachment is left out";
    if (!/^https?:$/.test(URL.parse(text(url))?.protocol ?? "")) return "the attachment has no address";
  }
  return undefined;
};

/** Mastodon keeps four. */
export const readsNumber: Receiver = (activity) => {
  const count = attachments(activity).length;
  if (count === 0) return "Pixelfed drops a post without a picture";
  return count > 4 ? "what is over four is lost" : undefined;
};

/** Pixelfed reads the licence of each attachment, a text. */
export const readsLicense: Receiver = (activity) =>
  attachments(activity).every(({ license }) => typeof license === "string" && license !== "")
    ? undefined
    : "the licence is unknown";

/** Pixelfed parses with `json_decode($payload, true, 8)`, and reads nothing of what is deeper. */
export const readsDepth: Receiver = (activity) =>
  depth(activity) > 8 ? "Pixelfed reads nothing at all" : undefined;

function depth(value: Json): number {
  if (typeof value !== "object" || value == null) return 0;
  return 1 + Math.max(0, ...Object.values<Json>(value as JsonObject).map(depth));
}

/** Mastodon: Public in `to` is public, in `cc` unlisted, else it is for followers or a direct message. */
export const readsAudience: Receiver = (activity) => {
  for (const part of [activity, noteOf(activity)]) {
    const { to, cc } = part;
    if (!Array.isArray(to) || !Array.isArray(cc)) return "some servers read arrays only";
    const names = [...list(to), ...list(cc)].map(text);
    if (names.some((name) => !URL.canParse(name) || name === "as:Public")) return "a name is no full IRI";
    if (!list(to).some((name) => publicNames.has(text(name)))) return "it is not shown in public lists";
    if (!names.some((name) => name.endsWith("/followers"))) return "it is not shown to followers";
  }
  return undefined;
};

/** A tag is found by `tag`; it is shown as one where the content links it with the classes of a hashtag. */
export const readsHashtags: Receiver = (activity) => {
  const note = noteOf(activity);
  const tags = objects(note["tag"]).filter(({ type }) => type === "Hashtag");
  if (tags.length === 0) return "nobody finds it by its tags";
  const links = load(text(note["content"])).links.filter(({ classes }) => classes.includes("hashtag"));
  for (const { name, href } of tags) {
    if (!/^#[\p{L}\p{M}\p{N}_]+$/u.test(text(name))) return `${text(name)} ends early`;
    const link = links.find((candidate) => candidate.href === href);
    if (link == null || link.text !== name) return `${text(name)} is not shown`;
    if (!link.classes.includes("mention") || link.rel !== "tag")
      return `${text(name)} is shown as a mere link`;
  }
  return undefined;
};

/** Mastodon takes an `Update` for an edit only where the Note says when it was edited, and later than before. */
export const readsEdit: Receiver = (activity) => {
  const { updated, published } = noteOf(activity);
  if (activity["type"] !== "Update") return "it is no edit";
  if (activity["id"] === noteOf(activity)["id"]) return "the edit is taken for the post";
  if (!isTime(updated)) return "the edit is not shown";
  return text(updated) >= text(published) ? undefined : "the edit is older than the post";
};

/** A deletion needs the address alone; the types tell what was deleted to those who never saw it. */
export const readsDelete: Receiver = (activity) => {
  const tombstone = noteOf(activity);
  if (activity["type"] !== "Delete") return "it is no deletion";
  if (tombstone["type"] !== "Tombstone" || tombstone["formerType"] !== "Note")
    return "it is not known what went";
  if (new URL(text(tombstone["id"])).origin !== new URL(text(activity["actor"])).origin)
    return "it is another's";
  return isTime(tombstone["deleted"]) ? undefined : "it is not known when it went";
};

/** Mastodon reads `totalItems` of an embedded collection, and fetches none for a number. */
export const readsCounts: Receiver = (activity) => {
  const note = noteOf(activity);
  for (const kind of ["likes", "shares", "replies"]) {
    const collection = asObject(note[kind]);
    if (collection == null) return `${kind} are not counted`;
    if (collection["type"] !== "Collection" || !Number.isInteger(collection["totalItems"])) {
      return `${kind} have no number`;
    }
    if (collection["id"] !== `${text(note["id"])}/${kind}`) return `${kind} stand nowhere`;
  }
  return undefined;
};

const activityPub = /^application\/(?:activity\+json|ld\+json)/;

/** Hollo and Pleroma take any Link tag with an ActivityPub media type for a quote; others read the quote properties. */
export const readsQuotes: Receiver = (activity) => {
  const note = noteOf(activity);
  const link = objects(note["tag"]).find(
    ({ type, mediaType }) => type === "Link" && activityPub.test(text(mediaType)),
  );
  const property = ["quote", "quoteUrl", "quoteUri", "_misskey_quote"].find((name) => note[name] != null);
  return link != null || property != null ? "a quote box is shown" : undefined;
};

/**
 * A receiver that processes JSON-LD: a term that no context defines means nothing to it. The ActivityStreams context
 * makes a blank node of such a term.
 */
export async function findLostTerms(document: JsonObject): Promise<string[]> {
  const expanded: Json = await jsonld.expand(structuredClone(document), { documentLoader: loadContext });
  return findBlank(expanded);
}

function findBlank(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(findBlank);
  return Object.entries(asObject(value) ?? {}).flatMap(([key, item]) => {
    // What stands in a literal is data, and no term.
    if (key === "@value") return [];
    const names = [key, ...(key === "@type" ? list(item).map(text) : [])];
    return [...names.filter((name) => !/^(?:@|https?:)/.test(name)), ...findBlank(item)];
  });
}
