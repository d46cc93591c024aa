import type { InboxContext, InboxListener } from "@fedify/fedify";
import { type Activity, Block, Delete, Flag, Reject, Undo } from "@fedify/vocab";
import { getLogger } from "@logtape/logtape";
import { normalizeIri } from "../core/domain.ts";
import { parseActorUrl, parseNoteUrl } from "../core/paths.ts";
import { isBlocked } from "../db/blocks.ts";
import { findNoteOwner, findUser } from "../db/users.ts";
import type { FederationContext } from "./context.ts";

const logger = getLogger(["artdag", "federation", "blocked"]);

/**
 * A listener that is not told of what it must not act on: activities of whoever is blocked now, be it since they
 * arrived, by the server or by the user concerned; and what is meant for a user who is suspended or gone. What only takes back,
 * and reports to the administrator, no user's block holds off.
 */
export function unlessBlocked<T extends Activity>(
  listener: InboxListener<FederationContext, T>,
): InboxListener<FederationContext, T> {
  return async (context, activity) => {
    if (await isUnwanted(context, activity)) {
      logger.debug("{id} of {actor} is dropped.", { id: activity.id?.href, actor: activity.actorId?.href });
      return;
    }
    await listener(context, activity);
  };
}

async function isUnwanted(context: InboxContext<FederationContext>, activity: Activity): Promise<boolean> {
  const { db } = context.data;
  const actor = activity.actorId == null ? undefined : normalizeIri(activity.actorId.href);
  if (actor == null) return false;
  if (await isBlocked(db, null, actor)) return true;
  if ([Undo, Delete, Reject, Block, Flag].some((type) => activity instanceof type)) return false;
  const users = [
    await findUser(db, context.recipient ?? ""),
    await findConcerned(context.data, activity.objectId),
  ];
  for (const user of users) {
    if (user == null) continue;
    if (user.suspended != null || user.deleted != null) return true;
    if (await isBlocked(db, user.id, actor)) return true;
  }
  return false;
}

/** The user whom an activity is about: by himself, or by a note of his. */
async function findConcerned({ db, paths }: FederationContext, object: URL | null) {
  if (object == null) return undefined;
  const username = parseActorUrl(paths, object.href);
  if (username != null) return await findUser(db, username);
  const note = parseNoteUrl(paths, object.href);
  return note == null ? undefined : await findNoteOwner(db, note);
}
