import type { Paths } from "../core/paths.ts";
import { formatInstant } from "../core/time.ts";
import { documentContext } from "./context.ts";
import type { JsonObject } from "./json.ts";
import { everybody } from "./public.ts";
import type { Sharing } from "./work.ts";

/** The sharing of a post: an unproved `Announce` of its Note, to everybody, the followers, and a remote author. */
export function buildShare(paths: Paths, sharing: Sharing): JsonObject {
  return { "@context": documentContext, ...buildAnnounce(paths, sharing) };
}

/** The end of a sharing: an unproved `Undo` at its own index, in which the `Announce` stands whole. */
export function buildUnshare(
  paths: Paths,
  sharing: Sharing,
  undo: { index: number; published: Date },
): JsonObject {
  const { to, cc, ...announce } = buildAnnounce(paths, sharing);
  return {
    "@context": documentContext,
    id: paths.activity(undo.index),
    type: "Undo",
    actor: paths.actor(sharing.username),
    published: formatInstant(undo.published),
    to,
    cc,
    object: announce,
  };
}

function buildAnnounce(paths: Paths, { username, index, object, author, published }: Sharing) {
  return {
    id: paths.activity(index),
    type: "Announce",
    actor: paths.actor(username),
    published: formatInstant(published),
    to: [everybody],
    cc: [paths.followers(username), ...(author == null ? [] : [author])],
    object,
  };
}
