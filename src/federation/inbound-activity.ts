import * as vocabulary from "@fedify/vocab";
import jsonld from "@fedify/vocab-runtime/jsonld";
import { asObject, type JsonObject } from "../claims/json.ts";
import { loadContext } from "../net/contexts.ts";

const activityStreams = "https://www.w3.org/ns/activitystreams";

/** In the place of values that don't matter. */
const standIn = "https://stand-in.invalid/";

/** The types of all things, and of activities, that Fedify can read. */
const readable = new Set<unknown>();
const readableActivities = new Set<unknown>();
for (const item of Object.values(vocabulary)) {
  if (typeof item !== "function" || !("typeId" in item)) continue;
  readable.add(item.typeId.href);
  if (item.prototype instanceof vocabulary.Activity) readableActivities.add(item.typeId.href);
}

/** Who acts, and the id of the act, as the door read them. */
export interface Act {
  readonly actor: string;
  readonly id: string;
}

export type Meaning =
  /** The JSON-LD says who acts and by which id, as the JSON does, and may mean something here. */
  | "same"
  /** It says the same, but its type, or that of its object, is one that nothing here can read. */
  | "foreign"
  /** It can't be read, or says something else. */
  | "other";

/**
 * What a JSON-LD processor makes of an activity. The door goes by the JSON, what comes after it by JSON-LD, and a
 * context may give names another meaning. Of what is not handed on (not in `essence`) only the names are looked at.
 */
export async function readMeaning(
  document: JsonObject,
  essence: JsonObject,
  { actor, id }: Act,
): Promise<Meaning> {
  const names = Object.keys(document).filter((name) => name !== "@context");
  const activity = await expand({ ...Object.fromEntries(names.map((name) => [name, standIn])), ...essence });
  if (activity == null || toHref(activity["@id"]) !== id) return "other";
  const actors = toList(activity[`${activityStreams}#actor`]);
  if (actors.length !== 1 || toHref(asObject(actors[0])?.["@id"]) !== actor) return "other";
  if (!toList(activity["@type"]).some((type) => readableActivities.has(type))) return "foreign";
  const objects = toList(activity[`${activityStreams}#object`]);
  return objects.some((object) => isForeign(toList(asObject(object)?.["@type"]))) ? "foreign" : "same";
}

/** What is left of a foreign activity: that somebody did something. */
export function reduceForeign({ actor, id }: Act): JsonObject {
  return { "@context": activityStreams, id, type: "Activity", actor };
}

async function expand(document: JsonObject): Promise<JsonObject | undefined> {
  try {
    const options = { documentLoader: loadContext, keepFreeFloatingNodes: true };
    const expanded: unknown = await jsonld.expand(document, options);
    return asObject(toList(expanded)[0]);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Types that no context explains are names of blank nodes, which Fedify takes for no type. */
function isForeign(types: readonly unknown[]): boolean {
  return types.some((type) => !String(type).startsWith("_:")) && !types.some((type) => readable.has(type));
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toHref(id: unknown): string | undefined {
  return typeof id === "string" ? URL.parse(id)?.href : undefined;
}
