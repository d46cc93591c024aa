import { createPublicKey } from "node:crypto";
import { Person } from "@fedify/vocab";
import sanitize from "sanitize-html";
import { decodeMultikey } from "../../src/claims/multikey.ts";
import { loadContext } from "../../src/net/contexts.ts";
import type { Json } from "./server.ts";

/** What receivers make of one part of an actor: whether they take it, and a variant that they don't. */
export interface ActorRow {
  readonly row: string;
  accepts(actor: Json): boolean | Promise<boolean>;
  /** Breaks a copy of the actor. */
  spoil(actor: Json): void;
}

/** Mastodon takes a collection or an address of an actor only from the actor's own host. */
function isOnOwnHost(actor: Json, url: unknown): boolean {
  return typeof url === "string" && URL.parse(url)?.host === new URL(actor.id).host;
}

function onOwnHost(row: string): ActorRow {
  return {
    row,
    accepts: (actor) => isOnOwnHost(actor, actor[row]),
    spoil: (actor) => (actor[row] = "https://elsewhere.example/collection"),
  };
}

/** Hollo, and everybody who reads JSON-LD, see what the context makes of the names. */
async function expand(actor: Json): Promise<Person | undefined> {
  const loaders = { documentLoader: loadContext, contextLoader: loadContext };
  return await Person.fromJsonLd(structuredClone(actor), loaders).catch(() => undefined);
}

/** A picture as Mastodon finds it: the `url` of the first object. */
function picture(row: "icon" | "image"): ActorRow {
  return {
    row,
    accepts(actor) {
      const [first] = [actor[row]].flat();
      return first?.type === "Image" && /^https?:/.test(first.url) && first.mediaType.startsWith("image/");
    },
    spoil: (actor) => (actor[row] = { type: "Image", href: actor[row].url }),
  };
}

/** A switch by its name, as Mastodon reads it, and by its meaning. */
function flag(row: "discoverable" | "indexable"): ActorRow {
  return {
    row,
    accepts: async (actor) => actor[row] === true && (await expand(actor))?.[row] === true,
    spoil: (actor) => {
      for (const context of actor["@context"]) if (typeof context === "object") delete context[row];
    },
  };
}

export const actorRows: readonly ActorRow[] = [
  onOwnHost("inbox"),
  onOwnHost("outbox"),
  onOwnHost("followers"),
  onOwnHost("following"),
  onOwnHost("url"),
  {
    row: "featured",
    accepts: async (actor) =>
      isOnOwnHost(actor, actor.featured) && (await expand(actor))?.featuredId?.href === actor.featured,
    spoil: (actor) => (actor["@context"] = actor["@context"].slice(0, 2)),
  },
  {
    row: "endpoints.sharedInbox",
    accepts: (actor) => isOnOwnHost(actor, actor.endpoints?.sharedInbox),
    spoil: (actor) => {
      actor.sharedInbox = actor.endpoints.sharedInbox;
      delete actor.endpoints;
    },
  },
  {
    row: "publicKey: RSA-2048 in PEM, whose owner is the actor",
    accepts({ id, publicKey }) {
      const key = createPublicKey(publicKey.publicKeyPem);
      const bits = key.asymmetricKeyDetails?.modulusLength;
      const genuine = publicKey.owner === id && publicKey.id.split("#")[0] === id;
      return key.asymmetricKeyType === "rsa" && bits === 2048 && genuine;
    },
    spoil: (actor) => (actor.publicKey.owner = "https://elsewhere.example/users/alice"),
  },
  {
    row: "assertionMethod: an Ed25519 Multikey that the actor controls (FEP-521a)",
    async accepts({ id, assertionMethod }) {
      const [method, ...others] = assertionMethod;
      const { algorithm } = await decodeMultikey(method.publicKeyMultibase);
      const named = method.id === `${id}#${method.publicKeyMultibase}`;
      const own = method.type === "Multikey" && method.controller === id;
      return others.length === 0 && algorithm.name === "Ed25519" && named && own;
    },
    spoil: (actor) => (actor.assertionMethod[0].controller = "https://elsewhere.example/users/alice"),
  },
  picture("icon"),
  picture("image"),
  {
    row: "summary: HTML that loses nothing when it is sanitised",
    accepts: ({ summary }) =>
      summary !== "" &&
      sanitize(summary, { allowedTags: ["p", "br"] }).replaceAll("<br />", "<br>") === summary,
    spoil: (actor) => (actor.summary += "<script>alert(1)</script>"),
  },
  {
    row: "published",
    accepts: ({ published }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(published),
    spoil: (actor) => (actor.published = "yesterday"),
  },
  flag("discoverable"),
  flag("indexable"),
  {
    row: "manuallyApprovesFollowers: false",
    accepts: async (actor) =>
      actor.manuallyApprovesFollowers === false && (await expand(actor))?.manuallyApprovesFollowers === false,
    spoil: (actor) => (actor.manuallyApprovesFollowers = true),
  },
  {
    row: "attachment: PropertyValue, a link that says me",
    async accepts(actor) {
      const fields = actor.attachment.filter(({ type }: Json) => type === "PropertyValue");
      const link = /^<a href="https:\/\/[^"]+" rel="([^"]+)">[^<]+<\/a>$/.exec(fields[0]?.value);
      const seen = [];
      for await (const field of (await expand(actor))?.getAttachments() ?? []) seen.push(field);
      return link?.[1]?.split(" ").includes("me") === true && seen.length === fields.length;
    },
    spoil: (actor) => {
      for (const field of actor.attachment) field.type = "schema:PropertyValue";
    },
  },
  {
    row: "alsoKnownAs",
    accepts: async (actor) =>
      actor.alsoKnownAs.length === 1 && (await expand(actor))?.aliasIds[0]?.href === actor.alsoKnownAs[0],
    spoil: (actor) => (actor.alsoKnownAs = ["@alice@old.example"]),
  },
  {
    row: "movedTo",
    accepts: async (actor) => {
      const successor = (await expand(actor))?.successorId?.href;
      return successor != null && actor.movedTo === successor;
    },
    spoil: (actor) => (actor.movedTo = { type: "Person" }),
  },
  {
    row: "attributionDomains: an array with the actor's domain",
    accepts: ({ id, attributionDomains, "@context": contexts }) =>
      Array.isArray(attributionDomains) &&
      attributionDomains.includes(new URL(id).hostname) &&
      contexts.some((context: Json) => context.attributionDomains?.["@id"] === "toot:attributionDomains"),
    spoil: (actor) => (actor.attributionDomains = ["elsewhere.example"]),
  },
  {
    row: "one type and one preferredUsername",
    accepts: ({ type, preferredUsername }) => type === "Person" && /^[a-z0-9_]+$/.test(preferredUsername),
    spoil: (actor) => (actor.preferredUsername = "alice@elsewhere.example"),
  },
];

/** What Mastodon shows of a profile that it sees for the first time: the posts that `featured` carries whole. */
export function readFeatured(actor: Json, collection: Json): string[] {
  if (collection.id !== actor.featured || collection.type !== "OrderedCollection") return [];
  const items: Json[] = [collection.orderedItems ?? []].flat();
  return items
    .filter((item) => item.type === "Note" && item.attributedTo === actor.id && item.content !== "")
    .map((item) => item.id);
}

/** Whether a WebFinger answer leads back to the actor whose document named its user. */
export function leadsBack(actor: Json, jrd: Json): boolean {
  const self = jrd.links.find(
    ({ rel, type }: Json) => rel === "self" && type === "application/activity+json",
  );
  return (
    jrd.subject === `acct:${actor.preferredUsername}@${new URL(actor.id).host}` && self?.href === actor.id
  );
}

/** Whether people of other servers can get from a WebFinger answer to the page where they follow. */
export function findSubscribeTemplate(jrd: Json): string | undefined {
  const link = jrd.links.find(({ rel }: Json) => rel === "http://ostatus.org/schema/1.0/subscribe");
  return typeof link?.template === "string" && link.template.includes("{uri}") ? link.template : undefined;
}
