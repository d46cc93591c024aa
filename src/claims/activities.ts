import type { JsonObject } from "./json.ts";
import { everybody } from "./public.ts";

const context = "https://www.w3.org/ns/activitystreams";

/** A `Follow` of `object` by `actor`. All arguments are IRIs. */
export function buildFollow(id: string, actor: string, object: string): JsonObject {
  return { "@context": context, id, type: "Follow", actor, object, to: [object] };
}

/** The `Undo` of a follow, which stands in it whole, since many servers look for the actor it names. */
export function buildUndoFollow(
  id: string,
  actor: string,
  follow: { id: string; object: string },
): JsonObject {
  const { "@context": _context, to: _to, ...object } = buildFollow(follow.id, actor, follow.object);
  return { "@context": context, id, type: "Undo", actor, object, to: [follow.object] };
}

/** The `Accept` of a follow of `actor` by `follower`; the follow stands in it whole. */
export function buildAccept(id: string, actor: string, follow: { id: string; actor: string }): JsonObject {
  const object = { id: follow.id, type: "Follow", actor: follow.actor, object: actor };
  return { "@context": context, id, type: "Accept", actor, object, to: [follow.actor] };
}

/** The `Reject` of a follow of `actor` by `follower`: also of one that was accepted before. The follow stands in it whole. */
export function buildReject(id: string, actor: string, follow: { id: string; actor: string }): JsonObject {
  return { ...buildAccept(id, actor, follow), type: "Reject" };
}

/** A `Like` of `object`, a Note, for its author `to` alone. */
export function buildLike(id: string, actor: string, like: { object: string; to: string }): JsonObject {
  return { "@context": context, id, type: "Like", actor, object: like.object, to: [like.to] };
}

/** The `Undo` of a like, which stands in it whole. */
export function buildUndoLike(
  id: string,
  actor: string,
  like: { id: string; object: string; to: string },
): JsonObject {
  const object = { id: like.id, type: "Like", actor, object: like.object };
  return { "@context": context, id, type: "Undo", actor, object, to: [like.to] };
}

/** The `Delete` of an actor by itself, for everybody: whoever knew it is to forget it and all that it made. */
export function buildDeleteActor(id: string, actor: string): JsonObject {
  return { "@context": context, id, type: "Delete", actor, object: actor, to: [everybody] };
}
