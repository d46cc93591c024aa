import type { Database, RemoteActorRow, Transaction } from "./schema.ts";

/** Stores that an actor follows a user; a new Follow of the same actor replaces the old one. */
export async function upsertFollower(
  trx: Transaction,
  follower: { userId: number; actorId: number; followIri: string },
): Promise<void> {
  await trx
    .insertInto("followers")
    .values({ user_id: follower.userId, actor_id: follower.actorId, follow_iri: follower.followIri })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "actor_id"]).doUpdateSet({ follow_iri: follower.followIri }),
    )
    .execute();
}

export async function deleteFollower(
  trx: Transaction,
  follower: { userId: number; actorId: number },
): Promise<void> {
  await trx
    .deleteFrom("followers")
    .where("user_id", "=", follower.userId)
    .where("actor_id", "=", follower.actorId)
    .execute();
}

/** Deletes the follower whose Follow had that id. */
export async function deleteFollowerByFollow(
  trx: Transaction,
  follow: { iri: string; actorId: number },
): Promise<void> {
  await trx
    .deleteFrom("followers")
    .where("follow_iri", "=", follow.iri)
    .where("actor_id", "=", follow.actorId)
    .execute();
}

/** Deletes those followers of a user who are reached at an inbox that is gone. */
export async function deleteFollowersAt(db: Database, userId: number, inbox: string): Promise<void> {
  await db
    .deleteFrom("followers")
    .where("user_id", "=", userId)
    .where("actor_id", "in", (eb) =>
      eb
        .selectFrom("remote_actors")
        .select("id")
        .where((or) => or.or([or("inbox", "=", inbox), or("shared_inbox", "=", inbox)])),
    )
    .execute();
}

export interface ListedActor extends RemoteActorRow {
  /** Place in the list: newer relations have higher ones. */
  readonly position: number;
}

/** A user's followers, newest first, before the position `before`. */
export function listFollowers(
  db: Database,
  userId: number,
  page: { before: number; limit: number },
): Promise<ListedActor[]> {
  return db
    .selectFrom("followers")
    .innerJoin("remote_actors", "remote_actors.id", "followers.actor_id")
    .selectAll("remote_actors")
    .select("followers.id as position")
    .where("followers.user_id", "=", userId)
    .where("followers.id", "<", page.before)
    .orderBy("followers.id", "desc")
    .limit(page.limit)
    .execute();
}

/** How many followers a user has; the database keeps the count with every change. */
export async function countFollowers(db: Database, userId: number): Promise<number> {
  const row = await db
    .selectFrom("follower_counts")
    .select("count")
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row?.count ?? 0;
}
