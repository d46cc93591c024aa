import { randomUUID } from "node:crypto";
import { buildAccept, buildFollow, buildUndoFollow } from "../claims/activities.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { isBlocked, lockRelations } from "../db/blocks.ts";
import { inTransaction } from "../db/connection.ts";
import { upsertFollower } from "../db/followers.ts";
import {
  acceptFollowing,
  deleteFollowing,
  findFollowing,
  insertFollowing,
  rejectFollowing,
} from "../db/following.ts";
import { insertReceived } from "../db/received.ts";
import { findRemoteActor, upsertRemoteActor } from "../db/remote-actors.ts";
import type { NewRemoteActor, Transaction } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import type { RegistryContext } from "./context.ts";

interface LocalUser {
  readonly id: number;
  readonly username: string;
}

/** An activity of a remote actor, by which it takes effect once. */
export interface Received {
  readonly id: string;
  readonly actor: string;
}

export type FollowResult =
  | "requested"
  | "already_requested"
  | "already_following"
  /** The user, or the server, has blocked the actor. */
  | "blocked";

/** Asks to follow an actor: the request is stored and sent, and counts once the actor accepts it. */
export function followActor(
  context: RegistryContext,
  user: LocalUser,
  actor: NewRemoteActor,
): Promise<FollowResult> {
  return inTransaction(context.db, async (trx) => {
    if (await isBlocked(trx, user.id, actor.iri)) return "blocked";
    const { id: actorId, iri } = await upsertRemoteActor(trx, actor);
    const existing = await findFollowing(trx, { userId: user.id, actorId });
    if (existing != null) return existing.accepted == null ? "already_requested" : "already_following";
    const followIri = context.paths.fragment(user.username, "follows", randomUUID());
    await insertFollowing(trx, { userId: user.id, actorId, followIri });
    const follow = buildFollow(followIri, context.paths.actor(user.username), iri);
    await publishTo(context, trx, user, actorId, followIri, follow);
    return "requested";
  });
}

/** Ends following an actor, and tells it so. Gives `false` where the user did not follow it. */
export function unfollowActor(context: RegistryContext, user: LocalUser, actorIri: string): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    const actor = await findRemoteActor(trx, actorIri);
    if (actor == null) return false;
    const following = await findFollowing(trx, { userId: user.id, actorId: actor.id });
    if (following == null) return false;
    await deleteFollowing(trx, { userId: user.id, actorId: actor.id });
    const iri = context.paths.fragment(user.username, "undos", randomUUID());
    const follow = { id: following.follow_iri, object: actorIri };
    const undo = buildUndoFollow(iri, context.paths.actor(user.username), follow);
    await publishTo(context, trx, user, actor.id, iri, undo);
    return true;
  });
}

/**
 * A remote actor follows a local user: stored and accepted, both or neither. An unknown user is nobody's to follow, nor
 * is one who has blocked the actor meanwhile.
 */
export function acceptFollower(
  context: RegistryContext,
  follow: Received & { readonly username: string },
  actor: NewRemoteActor,
): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, follow))) return false;
    const user = await findUser(trx, follow.username);
    if (user == null) return false;
    await lockRelations(trx, user.id);
    if (await isBlocked(trx, user.id, actor.iri)) return false;
    const { id: actorId } = await upsertRemoteActor(trx, actor);
    await upsertFollower(trx, { userId: user.id, actorId, followIri: follow.id });
    const iri = context.paths.fragment(user.username, "accepts", randomUUID());
    const accept = buildAccept(iri, context.paths.actor(user.username), {
      id: follow.id,
      actor: follow.actor,
    });
    await publishTo(context, trx, user, actorId, iri, accept);
    return true;
  });
}

/** What a remote actor answers to a Follow: the Follow by its id, or by its parts where the id is not ours. */
export interface FollowAnswer extends Received {
  readonly follow: string | undefined;
  /** The local user whose Follow the actor describes. */
  readonly username: string | undefined;
  readonly accepted: boolean;
}

/**
 * The actor whom a Follow of ours was for answers it. Others' answers, and answers to nothing, change nothing. Some
 * servers describe the Follow instead of naming it: then it is the one that stands between the two.
 */
export function settleFollow(context: RegistryContext, answer: FollowAnswer): Promise<void> {
  return inTransaction(context.db, async (trx) => {
    if (!(await insertReceived(trx, answer))) return;
    const iri = answer.follow ?? (await findFollowIri(trx, answer));
    if (iri == null) return;
    const follow = { iri, actorIri: answer.actor };
    await (answer.accepted ? acceptFollowing(trx, follow) : rejectFollowing(trx, follow));
  });
}

async function findFollowIri(trx: Transaction, answer: FollowAnswer): Promise<string | undefined> {
  const user = answer.username == null ? undefined : await findUser(trx, answer.username);
  const actor = await findRemoteActor(trx, answer.actor);
  if (user == null || actor == null) return undefined;
  return (await findFollowing(trx, { userId: user.id, actorId: actor.id }))?.follow_iri;
}

async function publishTo(
  context: RegistryContext,
  trx: Transaction,
  user: LocalUser,
  recipientId: number,
  iri: string,
  activity: JsonObject,
): Promise<void> {
  const document = toStoredText(activity);
  await context.publish(trx, { iri, userId: user.id, document, created: new Date(), recipientId });
}
