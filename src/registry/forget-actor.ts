import { inTransaction } from "../db/connection.ts";
import { insertReceived } from "../db/received.ts";
import { eraseRemoteActor, findRemoteActor } from "../db/remote-actors.ts";
import type { Database } from "../db/schema.ts";
import type { Received } from "./follow.ts";

/**
 * A remote actor is no more: it follows nobody and is followed by nobody, and its posts, likes, shares and replies are
 * gone. The copies of its claims stay, since they are a record.
 */
export function forgetActor(db: Database, received: Received): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    const actor = await findRemoteActor(trx, received.actor);
    if (actor != null) await eraseRemoteActor(trx, actor.id);
  });
}
