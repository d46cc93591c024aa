import { inTransaction } from "../db/connection.ts";
import { deleteFollower, deleteFollowerByFollow } from "../db/followers.ts";
import { deleteInteraction, deleteInteractionWith } from "../db/interactions.ts";
import { insertReceived } from "../db/received.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import type { Database, Transaction } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import type { Received } from "./follow.ts";

/** What is taken back: by its id, or by what it was where it has none. */
export type Undone =
  | { readonly type: "id"; readonly id: string }
  | { readonly type: "follow"; readonly username: string }
  | { readonly type: "like" | "share"; readonly index: number };

/**
 * A remote actor takes back a Follow, a Like or an Announce of its own. Its id counts as received from then on, so that
 * what arrives late, or again, changes nothing.
 */
export function receiveUndo(db: Database, undo: Received, undone: Undone): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReceived(trx, undo))) return;
    switch (undone.type) {
      case "id":
        return await undoById(trx, undo.actor, undone.id);
      case "follow":
        return await undoFollow(trx, undo.actor, undone.username);
      case "like":
      case "share":
        return await deleteInteractionWith(trx, {
          actorIri: undo.actor,
          kind: undone.type,
          index: undone.index,
        });
    }
  });
}

async function undoById(trx: Transaction, actorIri: string, iri: string): Promise<void> {
  await insertReceived(trx, { actor: actorIri, id: iri });
  const actor = await findRemoteActor(trx, actorIri);
  if (actor == null) return;
  await deleteFollowerByFollow(trx, { iri, actorId: actor.id });
  await deleteInteraction(trx, { actorIri, iri, kinds: ["like", "share"] });
}

async function undoFollow(trx: Transaction, actorIri: string, username: string): Promise<void> {
  const user = await findUser(trx, username);
  const actor = await findRemoteActor(trx, actorIri);
  if (user != null && actor != null) await deleteFollower(trx, { userId: user.id, actorId: actor.id });
}
