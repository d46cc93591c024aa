import { inTransaction } from "../db/connection.ts";
import { isFollowed } from "../db/following.ts";
import { insertReceived } from "../db/received.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import { attachClaim, insertRemotePost } from "../db/remote-posts.ts";
import type { Database, Transaction } from "../db/schema.ts";
import type { Received } from "./follow.ts";

/** A post as its author's server sent it. */
export interface RemotePost {
  readonly iri: string;
  readonly url: string | null;
  /** HTML, not to be trusted. */
  readonly content: string;
  /** Where the claim that it shows is said to stand. */
  readonly claim: string | null;
  readonly published: Date;
}

export interface ReceivePostContext {
  readonly db: Database;
  /** Has the claim of a post fetched and verified after the transaction. */
  verifyClaim(trx: Transaction, postId: number): Promise<void>;
}

/** Keeps a post of an actor whom somebody here follows; others' posts are let go. */
export function receivePost(
  context: ReceivePostContext,
  create: Received,
  post: RemotePost,
): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, create))) return false;
    if (!(await isFollowed(trx, create.actor))) return false;
    const actor = await findRemoteActor(trx, create.actor);
    if (actor == null) return false;
    const { iri, url, content, published } = post;
    const id = await insertRemotePost(trx, {
      iri,
      actorId: actor.id,
      url,
      content,
      claimIri: post.claim,
      published,
    });
    if (id != null && post.claim != null) await context.verifyClaim(trx, id);
    return id != null;
  });
}

/** Keeps a claim that was verified, as its exact bytes, and marks the post it stands behind. */
export function keepClaim(
  db: Database,
  postId: number,
  claim: { iri: string; actorId: number; contentHash: string; document: string },
): Promise<void> {
  return inTransaction(db, (trx) => attachClaim(trx, postId, claim));
}
