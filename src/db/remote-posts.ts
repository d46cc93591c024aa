import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

export interface NewRemotePost {
  readonly iri: string;
  readonly actorId: number;
  readonly url: string | null;
  readonly content: string;
  readonly claimIri: string | null;
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
      published: post.published,
    })
    .onConflict((conflict) => conflict.column("iri").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

export interface PostWithoutClaim {
  readonly actorId: number;
  readonly actorIri: string;
  readonly claimIri: string;
}

/** A post whose claim has not been verified yet; `undefined` where there is nothing left to do. */
export function findPostWithoutClaim(db: Database, id: number): Promise<PostWithoutClaim | undefined> {
  return db
    .selectFrom("remote_posts")
    .innerJoin("remote_actors", "remote_actors.id", "remote_posts.actor_id")
    .select([
      "remote_actors.id as actorId",
      "remote_actors.iri as actorIri",
      "remote_posts.claim_iri as claimIri",
    ])
    .where("remote_posts.id", "=", id)
    .where("remote_posts.claim_id", "is", null)
    .where("remote_posts.claim_iri", "is not", null)
    .$narrowType<{ claimIri: string }>()
    .executeTakeFirst();
}

/** Keeps a verified claim as its exact bytes, and links the post to it. The first copy stays. */
export async function attachClaim(
  trx: Transaction,
  postId: number,
  claim: { iri: string; actorId: number; contentHash: string; document: string },
): Promise<void> {
  await trx
    .insertInto("remote_claims")
    .values({
      iri: claim.iri,
      actor_id: claim.actorId,
      content_hash: claim.contentHash,
      document: claim.document,
    })
    .onConflict((conflict) => conflict.column("iri").doNothing())
    .execute();
  await trx
    .updateTable("remote_posts")
    .set({ claim_id: (eb) => eb.selectFrom("remote_claims").select("id").where("iri", "=", claim.iri) })
    .where("id", "=", postId)
    .execute();
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
}

/** What the actors whom a user follows published, newest first. */
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
    ])
    .where("following.accepted", "is not", null)
    .where("remote_posts.id", "<", page.before)
    .orderBy(sql`remote_posts.id`, "desc")
    .limit(page.limit)
    .execute();
}
