import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

/** A claim of another server that is to be verified, with its author. */
export interface ClaimToVerify {
  /** The post that names it. */
  readonly postId: number | null;
  readonly iri: string;
  readonly actorId: number;
  readonly actorIri: string;
}

/** A claim whose proof was found valid. */
export interface VerifiedClaim {
  readonly iri: string;
  readonly actorId: number;
  readonly contentHash: string;
  /** The exact bytes, as text. */
  readonly document: string;
  /** The author's Multikey with which the proof was checked. */
  readonly publicKey: string;
}

/** A claim with what lists tell of it, as JSON text of at most 4 KiB. */
export interface SummarizedClaim extends VerifiedClaim {
  readonly summary: string;
}

/** The claim that a post names; `undefined` where the post is gone or names none. */
export function findClaimOfPost(db: Database, postId: number): Promise<ClaimToVerify | undefined> {
  return db
    .selectFrom("remote_posts")
    .innerJoin("remote_actors", "remote_actors.id", "remote_posts.actor_id")
    .select([
      "remote_posts.id as postId",
      "remote_posts.claim_iri as iri",
      "remote_actors.id as actorId",
      "remote_actors.iri as actorIri",
    ])
    .where("remote_posts.id", "=", postId)
    .where("remote_posts.claim_iri", "is not", null)
    .$narrowType<{ iri: string }>()
    .executeTakeFirst();
}

/** A claim that is kept. */
export async function findKeptClaim(db: Database, id: number): Promise<ClaimToVerify | undefined> {
  const row = await db
    .selectFrom("remote_claims")
    .innerJoin("remote_actors", "remote_actors.id", "remote_claims.actor_id")
    .select(["remote_claims.iri", "remote_actors.id as actorId", "remote_actors.iri as actorIri"])
    .where("remote_claims.id", "=", id)
    .executeTakeFirst();
  return row == null ? undefined : { ...row, postId: null };
}

/**
 * Keeps a verified claim as its exact bytes; of one that is kept already, what its server serves now. Gives its
 * id; `undefined` where the one that is kept is another actor's, or to another hash: then it stays.
 */
export async function upsertClaim(trx: Transaction, claim: SummarizedClaim): Promise<number | undefined> {
  const row = await trx
    .insertInto("remote_claims")
    .values({
      iri: claim.iri,
      actor_id: claim.actorId,
      content_hash: claim.contentHash,
      document: claim.document,
      summary: claim.summary,
      public_key: claim.publicKey,
      withdrawn: null,
    })
    .onConflict((conflict) =>
      conflict
        .column("iri")
        .doUpdateSet({
          document: claim.document,
          summary: claim.summary,
          public_key: claim.publicKey,
          withdrawn: null,
          fetched: sql`now()`,
        })
        .where("remote_claims.actor_id", "=", claim.actorId)
        .where("remote_claims.content_hash", "=", claim.contentHash),
    )
    .returning("id")
    .executeTakeFirst();
  return row?.id;
}

/** Links the posts of an actor that name a claim to the copy that is kept of it. */
export async function linkPosts(trx: Transaction, claim: { iri: string; actorId: number }): Promise<void> {
  await trx
    .updateTable("remote_posts")
    .from("remote_claims")
    .set({ claim_id: (eb) => eb.ref("remote_claims.id") })
    .whereRef("remote_claims.iri", "=", "remote_posts.claim_iri")
    .whereRef("remote_claims.actor_id", "=", "remote_posts.actor_id")
    .where("remote_claims.iri", "=", claim.iri)
    .where("remote_posts.actor_id", "=", claim.actorId)
    .execute();
}

/** No post of the actor counts as shown to be the claim's any longer; the copy stays. */
export async function unlinkPosts(db: Database, claim: { iri: string; actorId: number }): Promise<void> {
  await db
    .updateTable("remote_posts")
    .set({ claim_id: null })
    .where("claim_iri", "=", claim.iri)
    .where("actor_id", "=", claim.actorId)
    .execute();
}

/** Marks a claim whose server says that it is gone. The copy stays, but states of no work any longer how it was made. */
export async function markWithdrawn(db: Database, claimIri: string): Promise<void> {
  await sql`
    with withdrawn as (
      update remote_claims set withdrawn = now() where iri = ${claimIri} and withdrawn is null returning id)
    delete from lineage_edges using withdrawn where remote_claim_id = withdrawn.id`.execute(db);
}
