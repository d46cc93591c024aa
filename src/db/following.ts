import { sql } from "kysely";
import type { ListedActor } from "./followers.ts";
import type { Database, Transaction } from "./schema.ts";

export interface FollowingRow {
  readonly follow_iri: string;
  readonly accepted: Date | null;
}

export function findFollowing(
  db: Database,
  following: { userId: number; actorId: number },
): Promise<FollowingRow | undefined> {
  return db
    .selectFrom("following")
    .select(["follow_iri", "accepted"])
    .where("user_id", "=", following.userId)
    .where("actor_id", "=", following.actorId)
    .executeTakeFirst();
}

/** Stores that a user asked to follow an actor. */
export async function insertFollowing(
  trx: Transaction,
  following: { userId: number; actorId: number; followIri: string },
): Promise<void> {
  await trx
    .insertInto("following")
    .values({
      user_id: following.userId,
      actor_id: following.actorId,
      follow_iri: following.followIri,
      accepted: null,
    })
    .execute();
}

export async function deleteFollowing(
  trx: Transaction,
  following: { userId: number; actorId: number },
): Promise<void> {
  await trx
    .deleteFrom("following")
    .where("user_id", "=", following.userId)
    .where("actor_id", "=", following.actorId)
    .execute();
}

/** Notes that the actor whom a Follow of ours was for has accepted it. Gives whether there was such a Follow. */
export async function acceptFollowing(
  trx: Transaction,
  follow: { iri: string; actorIri: string },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("following")
    .from("remote_actors")
    .set({ accepted: sql`now()` })
    .whereRef("remote_actors.id", "=", "following.actor_id")
    .where("remote_actors.iri", "=", follow.actorIri)
    .where("follow_iri", "=", follow.iri)
    .where("accepted", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Forgets a Follow of ours that the actor whom it was for has rejected. */
export async function rejectFollowing(
  trx: Transaction,
  follow: { iri: string; actorIri: string },
): Promise<void> {
  await trx
    .deleteFrom("following")
    .using("remote_actors")
    .whereRef("remote_actors.id", "=", "following.actor_id")
    .where("remote_actors.iri", "=", follow.actorIri)
    .where("follow_iri", "=", follow.iri)
    .execute();
}

/** Whether any local user follows the actor, accepted or not yet. */
export async function isFollowed(db: Database, actorIri: string): Promise<boolean> {
  const row = await db
    .selectFrom("following")
    .innerJoin("remote_actors", "remote_actors.id", "following.actor_id")
    .select("following.user_id")
    .where("remote_actors.iri", "=", actorIri)
    .limit(1)
    .executeTakeFirst();
  return row != null;
}

/** The local users who follow an actor, accepted or not yet. */
export function listFollowersHere(
  db: Database,
  actorId: number,
): Promise<{ id: number; username: string }[]> {
  return db
    .selectFrom("following")
    .innerJoin("users", "users.id", "following.user_id")
    .select(["users.id", "users.username"])
    .where("following.actor_id", "=", actorId)
    .orderBy("users.id")
    .execute();
}

export async function countFollowing(db: Database, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("following")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .where("accepted", "is not", null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Whom a user follows and has been accepted by, newest first, before the position `before`. */
export function listFollowing(
  db: Database,
  userId: number,
  page: { before: number; limit: number },
): Promise<ListedActor[]> {
  return db
    .selectFrom("following")
    .innerJoin("remote_actors", "remote_actors.id", "following.actor_id")
    .selectAll("remote_actors")
    .select("following.id as position")
    .where("following.user_id", "=", userId)
    .where("following.accepted", "is not", null)
    .where("following.id", "<", page.before)
    .orderBy("following.id", "desc")
    .limit(page.limit)
    .execute();
}

/** All whom a user follows or asked to follow, newest first; at most 200. */
export async function listAllFollowing(
  db: Database,
  userId: number,
): Promise<{ actor: { iri: string; username: string | null; host: string }; accepted: Date | null }[]> {
  const rows = await db
    .selectFrom("following")
    .innerJoin("remote_actors", "remote_actors.id", "following.actor_id")
    .select(["remote_actors.iri", "remote_actors.username", "remote_actors.host", "following.accepted"])
    .where("following.user_id", "=", userId)
    .orderBy("following.id", "desc")
    .limit(200)
    .execute();
  return rows.map(({ accepted, ...actor }) => ({ actor, accepted }));
}
