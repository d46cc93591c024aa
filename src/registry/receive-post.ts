import { findAssetByIndex } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { isFollowed } from "../db/following.ts";
import { insertInteraction, updateReply } from "../db/interactions.ts";
import { insertReceived, isReceived } from "../db/received.ts";
import { ensureRemoteActor, findRemoteActor } from "../db/remote-actors.ts";
import { insertRemotePost, updateRemotePost } from "../db/remote-posts.ts";
import type { Database, NewRemoteActor, RemoteActorRow, Transaction } from "../db/schema.ts";
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
  /** Of the last change, where it says so. */
  readonly updated: Date | null;
  /** Index of the claim whose post of ours it answers. */
  readonly answers: number | undefined;
  /** Whom it is for: everybody, the followers of its author, or certain people only. */
  readonly audience: "public" | "followers" | "direct";
}

export interface ReceivePostContext {
  readonly db: Database;
  /** Has the claim of a post fetched and verified after the transaction. */
  verifyClaim(trx: Transaction, postId: number): Promise<void>;
}

/**
 * Keeps a post of an actor whom somebody here follows, and a public reply to a post of ours. Others' posts, those for
 * certain people only, and those that their author has deleted already are let go.
 *
 * @param author What is known of the author of a reply, who may be new here.
 */
export function receivePost(
  context: ReceivePostContext,
  create: Received,
  post: RemotePost,
  author: RemoteActorRow | NewRemoteActor | undefined,
): Promise<void> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, create))) return;
    if (await isReceived(trx, { actor: create.actor, id: post.iri })) return;
    if (author != null && post.audience === "public") await keepReply(trx, post, author);
    if (post.audience !== "direct" && (await isFollowed(trx, create.actor)))
      await keepPost(context, trx, create.actor, post);
  });
}

async function keepReply(
  trx: Transaction,
  { iri, url, content, published, answers }: RemotePost,
  author: RemoteActorRow | NewRemoteActor,
): Promise<void> {
  const asset = answers == null ? undefined : await findAssetByIndex(trx, answers);
  if (asset == null || asset.post === "none") return;
  const actorId = await ensureRemoteActor(trx, author);
  await insertInteraction(trx, { kind: "reply", iri, actorId, assetId: asset.id, content, url, published });
}

async function keepPost(
  context: ReceivePostContext,
  trx: Transaction,
  actorIri: string,
  post: RemotePost,
): Promise<void> {
  const actor = await findRemoteActor(trx, actorIri);
  if (actor == null) return;
  const { published } = post;
  const id = await insertRemotePost(trx, { ...toRow(post), actorId: actor.id, published });
  if (id != null && post.claim != null) await context.verifyClaim(trx, id);
}

/**
 * Changes a post or a reply that is kept, where it is the actor's own and was not changed later already. What stands
 * behind the post is verified again.
 */
export function updatePost(context: ReceivePostContext, update: Received, post: RemotePost): Promise<void> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, update))) return;
    const updated = post.updated ?? new Date();
    const { iri, url, content } = post;
    await updateReply(trx, { actorIri: update.actor, iri, url, content, updated });
    const id = await updateRemotePost(trx, update.actor, { ...toRow(post), updated });
    if (id != null && post.claim != null) await context.verifyClaim(trx, id);
  });
}

function toRow({ iri, url, content, claim, audience }: RemotePost) {
  return { iri, url, content, claimIri: claim, public: audience === "public" };
}
