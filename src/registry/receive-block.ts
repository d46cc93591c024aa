import { inTransaction } from "../db/connection.ts";
import { deleteFollower } from "../db/followers.ts";
import { deleteFollowing } from "../db/following.ts";
import { insertReceived } from "../db/received.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import type { Database } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import type { Received } from "./follow.ts";

/** A remote actor blocks a local user: neither follows the other any longer. Nobody is told. */
export function receiveBlock(db: Database, received: Received, username: string): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    const user = await findUser(trx, username);
    const actor = await findRemoteActor(trx, received.actor);
    if (user == null || actor == null) return;
    await deleteFollower(trx, { userId: user.id, actorId: actor.id });
    await deleteFollowing(trx, { userId: user.id, actorId: actor.id });
  });
}
