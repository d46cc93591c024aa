import { inTransaction } from "../db/connection.ts";
import { deleteInteraction } from "../db/interactions.ts";
import { insertReceived } from "../db/received.ts";
import { deleteRemotePost } from "../db/remote-posts.ts";
import type { Database, Transaction } from "../db/schema.ts";
import type { Received } from "./follow.ts";

export interface ReceiveDeleteContext {
  readonly db: Database;
  /** Has a claim that is kept looked at again after the transaction. */
  recheckClaim(trx: Transaction, claimId: number): Promise<void>;
}

/**
 * A remote actor deletes something of its own: a post, a reply, a like. Its id counts as received from then on, so that
 * a `Create` which arrives late does not bring it back. The claim behind a post may be withdrawn too: its server is asked.
 */
export function receiveDelete(context: ReceiveDeleteContext, received: Received, iri: string): Promise<void> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    const actorIri = received.actor;
    await insertReceived(trx, { actor: actorIri, id: iri });
    await deleteInteraction(trx, { actorIri, iri, kinds: ["like", "share", "reply"] });
    const post = await deleteRemotePost(trx, { iri, actorIri });
    if (post?.claimId != null) await context.recheckClaim(trx, post.claimId);
  });
}
