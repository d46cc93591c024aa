import { asObject, compact, type Json, type JsonObject } from "../claims/json.ts";

/** What is kept as it is, where it is plain. */
const plain = new Set(["id", "type", "claim", "mediaType", "published", "updated"]);
/** What is kept as it is, in one language or in several. */
const texts = new Set(["name", "nameMap", "summary", "summaryMap", "content", "contentMap"]);
/** What is kept as ids, whatever was sent along. */
const references = new Set([
  "actor",
  "target",
  "attributedTo",
  "inReplyTo",
  "to",
  "cc",
  "bto",
  "bcc",
  "audience",
]);
/** More of one kind is not looked at. */
const maxItems = 200;

/**
 * What listeners read of an activity, and nothing else: tags, attachments, collections, proofs and whatever anybody may
 * add. Fedify would build objects of all that, several times over, while the event loop stands still. What a listener
 * is to read of an activity must be named here.
 */
export function toEssence(activity: JsonObject): JsonObject {
  return pick(activity, (object) => pick(object, toReference));
}

/** `inner` is what is made of an object within the object, where there is just one. */
function pick(object: JsonObject, inner: (object: JsonObject) => Json | undefined): JsonObject {
  return compact(
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, keep(key, value, inner)])),
  );
}

function keep(key: string, value: Json, inner: (object: JsonObject) => Json | undefined): Json | undefined {
  if (key === "@context") return withoutScopes(value);
  if (plain.has(key)) return toPlain(value);
  if (texts.has(key)) return toTexts(value);
  if (references.has(key)) return mapItems(value, toReference);
  if (key === "url") return mapItems(value, toLink);
  if (key !== "object") return undefined;
  return mapItems(value, Array.isArray(value) && value.length > 1 ? toReference : inner);
}

/** A context without terms that bring a context of their own, which would be worked through wherever they are used. */
function withoutScopes(context: Json): Json {
  if (Array.isArray(context)) return context.map(withoutScopes);
  const terms = asObject(context);
  if (terms == null) return context;
  const kept = Object.entries(terms).filter(([, meaning]) => asObject(meaning)?.["@context"] === undefined);
  return Object.fromEntries(kept);
}

/** Plain values stay, objects become what is made of them, lists hold what comes of their items. */
function mapItems(value: Json, map: (object: JsonObject) => Json | undefined): Json | undefined {
  if (Array.isArray(value))
    return value
      .slice(0, maxItems)
      .flatMap((item) => (Array.isArray(item) ? [] : (mapItems(item, map) ?? [])));
  const object = asObject(value);
  return object == null ? value : map(object);
}

function toReference(object: JsonObject): Json | undefined {
  return typeof object["id"] === "string" ? object["id"] : undefined;
}

function toLink({ type = null, href = null, mediaType = null }: JsonObject): JsonObject {
  return compact({ type: toPlain(type), href: toPlain(href), mediaType: toPlain(mediaType) });
}

function toPlain(value: Json): Json | undefined {
  if (Array.isArray(value))
    return value.slice(0, maxItems).filter((item) => typeof item !== "object" || item == null);
  return typeof value === "object" && value != null ? undefined : value;
}

function toTexts(value: Json): Json | undefined {
  const languages = asObject(value);
  if (languages == null) return toPlain(value);
  const kept = Object.entries(languages).filter(([, text]) => typeof text === "string");
  return Object.fromEntries(kept.slice(0, maxItems));
}
