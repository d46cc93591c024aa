import { formatInstant } from "../core/time.ts";
import type { JsonObject } from "./json.ts";

/** An `Update` that carries an actor's whole document, as whoever keeps a copy of it wants it. It is for everybody. */
export function buildUpdateActor(
  id: string,
  actor: JsonObject,
  { followers, updated }: { followers: string; updated: Date },
): JsonObject {
  const { "@context": context = [], id: actorId = null, ...rest } = actor;
  const time = formatInstant(updated);
  return {
    "@context": context,
    id,
    type: "Update",
    actor: actorId,
    to: ["https://www.w3.org/ns/activitystreams#Public"],
    cc: [followers],
    published: time,
    object: { id: actorId, ...rest, updated: time },
  };
}
