import { randomUUID } from "node:crypto";
import { buildLike, buildUndoLike } from "../claims/activities.ts";
import { extractObject } from "../claims/claim.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildReply } from "../claims/reply.ts";
import { wholeSecond } from "../core/time.ts";
import { inTransaction } from "../db/connection.ts";
import { findLike, insertReaction, markUndone } from "../db/reactions.ts";
import type { RegistryContext } from "./context.ts";
import { findReactionTarget } from "./reaction-target.ts";

interface LocalUser {
  readonly id: number;
  readonly username: string;
}

export type ReactResult =
  | { readonly type: "done"; readonly iri: string }
  /** The user likes it already. */
  | { readonly type: "already_done"; readonly iri: string }
  /** The user can see no post of that id. */
  | { readonly type: "not_found" };

/** Likes a post, once. Its author on another server is told; a like of a post of this server is only counted. */
export function likePost(context: RegistryContext, user: LocalUser, object: string): Promise<ReactResult> {
  return inTransaction(context.db, async (trx) => {
    const target = await findReactionTarget(context, trx, user.id, object);
    if (target == null) return { type: "not_found" };
    const { assetId, recipientId, author } = target;
    const iri = context.paths.fragment(user.username, "likes", randomUUID());
    const like = { userId: user.id, kind: "like" as const, object: target.iri, assetId, iri };
    if (!(await insertReaction(trx, { ...like, recipientId: recipientId ?? null }))) {
      const earlier = await findLike(trx, user.id, target.iri);
      return { type: "already_done", iri: earlier?.iri ?? iri };
    }
    if (recipientId != null) {
      const actor = context.paths.actor(user.username);
      const activity = buildLike(iri, actor, { object: target.iri, to: author.iri });
      const document = toStoredText(activity);
      await context.publish(trx, { iri, userId: user.id, document, created: new Date(), recipientId });
    }
    return { type: "done", iri };
  });
}

/** Takes a like back, and tells whom the like was told. Gives `false` where the user does not like that post. */
export function unlikePost(context: RegistryContext, user: LocalUser, object: string): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    const like = await findLike(trx, user.id, object);
    if (like == null || !(await markUndone(trx, like.iri))) return false;
    const { recipient, recipientId } = like;
    if (recipient == null || recipientId == null) return true;
    const iri = context.paths.fragment(user.username, "undos", randomUUID());
    const actor = context.paths.actor(user.username);
    const document = toStoredText(buildUndoLike(iri, actor, { id: like.iri, object, to: recipient }));
    await context.publish(trx, { iri, userId: user.id, document, created: new Date(), recipientId });
    return true;
  });
}

/**
 * Answers a post: the author receives it, and the user's followers do, unless the post was for its author's followers
 * alone. The reply is proved, stored and served like a post.
 */
export function replyToPost(
  context: RegistryContext,
  user: LocalUser,
  input: { readonly object: string; readonly content: string },
): Promise<ReactResult> {
  return inTransaction(context.db, async (trx) => {
    const target = await findReactionTarget(context, trx, user.id, input.object);
    if (target == null) return { type: "not_found" };
    const { author, assetId, recipientId } = target;
    const { paths } = context;
    const key = randomUUID();
    const published = wholeSecond();
    const reply = buildReply(paths, {
      username: user.username,
      key,
      object: target.iri,
      author,
      content: input.content,
      public: target.public,
      published,
    });
    const create: JsonObject = await context.sign(user.username, reply, published);
    const iri = paths.reply(user.username, key);
    await insertReaction(trx, {
      userId: user.id,
      kind: "reply",
      object: target.iri,
      assetId,
      recipientId: recipientId ?? null,
      iri,
      content: input.content,
      document: JSON.stringify(extractObject(create)),
    });
    await context.publish(trx, {
      iri: paths.replyCreate(user.username, key),
      userId: user.id,
      document: toStoredText(create),
      created: published,
      ...(recipientId == null ? {} : { recipientId, toFollowers: target.public }),
    });
    return { type: "done", iri };
  });
}
