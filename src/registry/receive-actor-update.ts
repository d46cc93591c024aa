import { inTransaction } from "../db/connection.ts";
import { insertReceived } from "../db/received.ts";
import { upsertRemoteActor } from "../db/remote-actors.ts";
import type { Database, NewRemoteActor } from "../db/schema.ts";
import type { Received } from "./follow.ts";

/** An actor who is known here has changed: what its own document says now is stored. */
export function receiveActorUpdate(db: Database, received: Received, actor: NewRemoteActor): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (await insertReceived(trx, received)) await upsertRemoteActor(trx, actor);
  });
}
