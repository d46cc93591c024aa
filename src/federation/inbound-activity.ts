import { Activity } from "@fedify/vocab";
import type { JsonObject } from "../claims/json.ts";
import { loadContext } from "../net/contexts.ts";

/**
 * An activity whose sender is known by his HTTP signature, without what else it may be signed with. Fedify would check
 * that too, which costs more than everything else and makes requests to whomever it names.
 */
export function withoutProofs(document: JsonObject): JsonObject {
  const { proof: _proof, signature: _signature, ...rest } = document;
  return rest;
}

/**
 * Whether a JSON-LD processor reads the same actor and id as stand in the JSON. The door goes by the JSON, what comes
 * after it by JSON-LD, and a context may give names another meaning.
 */
export async function meansTheSame(
  document: JsonObject,
  { actor, id }: { readonly actor: string; readonly id: string },
): Promise<boolean> {
  try {
    const activity = await Activity.fromJsonLd(document, {
      documentLoader: async () => Promise.reject(new Error("Nothing is fetched to read an activity.")),
      contextLoader: loadContext,
    });
    const [actorId, ...others] = activity.actorIds;
    return actorId?.href === actor && others.length === 0 && activity.id?.href === id;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
