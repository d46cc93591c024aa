import { inTransaction } from "../db/connection.ts";
import { listFollowersHere } from "../db/following.ts";
import { insertReceived } from "../db/received.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import type { NewRemoteActor } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";
import { followActor, type Received, unfollowActor } from "./follow.ts";

/**
 * A remote actor has moved: the users who follow it ask to follow the new one, and the old one no longer. That both
 * actors' documents name each other is the caller's to find out.
 */
export function receiveMove(
  context: RegistryContext,
  received: Received,
  target: NewRemoteActor,
): Promise<void> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    const old = await findRemoteActor(trx, received.actor);
    if (old == null) return;
    const joined = { ...context, db: trx };
    for (const user of await listFollowersHere(trx, old.id)) {
      // Somebody may have followed his own old account.
      if (context.paths.actor(user.username) !== target.iri) await followActor(joined, user, target);
      await unfollowActor(joined, user, old.iri);
    }
  });
}
