import { sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { Database, Transaction } from "./schema.ts";

export interface NewRemotePost {
  readonly iri: string;
  readonly actorId: number;
  readonly url: string | null;
  readonly content: string;
  readonly claimIri: string | null;
  /** Whether it is addressed to everybody. */
  readonly public: boolean;
  readonly published: Date;
}

/** Gives the post's id, or `undefined` where it is known already. */
export async function insertRemotePost(trx: Transaction, post: NewRemotePost): Promise<number | undefined> {
  const row = await trx
    .insertInto("remote_posts")
    .values({
      iri: post.iri,
      actor_id: post.actorId,
      url: post.url,
      content: post.content,
      claim_iri: post.claimIri,
      claim_id: null,
      public: post.public,
      updated: null,
      published: post.published,
    })
    .onConflict((conflict) => conflict.column("iri").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/**
 * Changes an actor's own post, unless it was changed later than `updated` already. Gives its id; `undefined` where there
 * is no such post, or nothing to change.
 */
export async function updateRemotePost(
  trx: Transaction,
  actorIri: string,
  post: Omit<NewRemotePost, "actorId" | "published"> & { readonly updated: Date },
): Promise<number | undefined> {
  const row = await trx
    .updateTable("remote_posts")
    .from("remote_actors")
    .set({
      url: post.url,
      content: post.content,
      claim_iri: post.claimIri,
      // Another claim is another thing to verify.
      claim_id: sql`case when claim_iri is not distinct from ${post.claimIri}::text then claim_id end`,
      public: post.public,
      updated: post.updated,
    })
    .whereRef("remote_actors.id", "=", "remote_posts.actor_id")
    .where("remote_actors.iri", "=", actorIri)
    .where("remote_posts.iri", "=", post.iri)
    .where((eb) => eb.or([eb("updated", "is", null), eb("updated", "<", post.updated)]))
    .returning("remote_posts.id")
    .executeTakeFirst();
  return row?.id;
}

/** Deletes an actor's own post, and gives the verified claim that stood behind it. */
export async function deleteRemotePost(
  trx: Transaction,
  post: { iri: string; actorIri: string },
): Promise<{ claimId: number | null } | undefined> {
  return await trx
    .deleteFrom("remote_posts")
    .using("remote_actors")
    .whereRef("remote_actors.id", "=", "remote_posts.actor_id")
    .where("remote_actors.iri", "=", post.actorIri)
    .where("remote_posts.iri", "=", post.iri)
    .returning("remote_posts.claim_id as claimId")
    .executeTakeFirst();
}

/** A post that a user has in his home feed, with its author. */
export interface KnownPost {
  readonly iri: string;
  readonly public: boolean;
  readonly actorId: number;
  readonly actorIri: string;
  readonly actorUsername: string | null;
  readonly actorHost: string;
}

/** The post of that id, where the user follows its author. */
export function findHomePost(db: Database, userId: number, iri: string): Promise<KnownPost | undefined> {
  return db
    .selectFrom("remote_posts")
    .innerJoin("remote_actors", "remote_actors.id", "remote_posts.actor_id")
    .innerJoin("following", (join) =>
      join.onRef("following.actor_id", "=", "remote_posts.actor_id").on("following.user_id", "=", userId),
    )
    .select([
      "remote_posts.iri",
      "remote_posts.public",
      "remote_actors.id as actorId",
      "remote_actors.iri as actorIri",
      "remote_actors.username as actorUsername",
      "remote_actors.host as actorHost",
    ])
    .where("following.accepted", "is not", null)
    .where("remote_posts.iri", "=", iri)
    .executeTakeFirst();
}

export interface HomePost {
  readonly id: number;
  readonly iri: string;
  readonly url: string | null;
  readonly content: string;
  readonly published: Date;
  readonly actor: string;
  readonly actorName: string | null;
  readonly actorUsername: string | null;
  readonly actorHost: string;
  readonly claimIri: string | null;
  /** Of the verified claim. */
  readonly contentHash: string | null;
  /** When its server answered that the claim is gone. */
  readonly claimWithdrawn: Date | null;
  readonly public: boolean;
  /** Whether the user likes it. */
  readonly liked: boolean;
  readonly shared: boolean;
}

/** What the actors whom a user follows published, newest first, without those who are blocked. */
export function listHomePosts(
  db: Database,
  userId: number,
  page: { before: number; limit: number },
): Promise<HomePost[]> {
  return db
    .selectFrom("remote_posts")
    .innerJoin("remote_actors", "remote_actors.id", "remote_posts.actor_id")
    .innerJoin("following", (join) =>
      join.onRef("following.actor_id", "=", "remote_posts.actor_id").on("following.user_id", "=", userId),
    )
    .leftJoin("remote_claims", "remote_claims.id", "remote_posts.claim_id")
    .select([
      "remote_posts.id",
      "remote_posts.iri",
      "remote_posts.url",
      "remote_posts.content",
      "remote_posts.published",
      "remote_actors.iri as actor",
      "remote_actors.name as actorName",
      "remote_actors.username as actorUsername",
      "remote_actors.host as actorHost",
      "remote_posts.claim_iri as claimIri",
      "remote_claims.content_hash as contentHash",
      "remote_claims.withdrawn as claimWithdrawn",
      "remote_posts.public",
    ])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom("reactions")
            .select("reactions.id")
            .whereRef("reactions.object_iri", "=", "remote_posts.iri")
            .where("reactions.user_id", "=", userId)
            .where("reactions.kind", "=", "like")
            .where("reactions.undone", "is", null),
        )
        .$castTo<boolean>()
        .as("liked"),
    )
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom("shares")
            .select("shares.id")
            .whereRef("shares.object_iri", "=", "remote_posts.iri")
            .where("shares.user_id", "=", userId),
        )
        .$castTo<boolean>()
        .as("shared"),
    )
    .where("following.accepted", "is not", null)
    .where(sql<boolean>`not ${blockedBy(sql`${userId}::bigint`, sql`remote_actors.iri`)}`)
    .where("remote_posts.id", "<", page.before)
    .orderBy(sql`remote_posts.id`, "desc")
    .limit(page.limit)
    .execute();
}
