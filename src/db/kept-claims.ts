import { sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { Database } from "./schema.ts";

/** A claim of another server that was verified once, as it is kept. */
export interface KeptClaim {
  readonly iri: string;
  readonly contentHash: string;
  /** The exact bytes, as text. */
  readonly document: string;
  /** The author's Multikey with which it was verified; `null` where it was not kept. */
  readonly publicKey: string | null;
  readonly fetched: Date;
  readonly withdrawn: Date | null;
  readonly actor: string;
  readonly username: string | null;
  readonly host: string;
}

/** The copy of a claim, by the claim's own address, unless the server blocks its author. */
export function findClaimCopy(db: Database, iri: string): Promise<KeptClaim | undefined> {
  return db
    .selectFrom("remote_claims")
    .innerJoin("remote_actors", "remote_actors.id", "remote_claims.actor_id")
    .select(["remote_claims.iri", "remote_claims.content_hash as contentHash", "remote_claims.document"])
    .select(["remote_claims.public_key as publicKey", "remote_claims.fetched", "remote_claims.withdrawn"])
    .select(["remote_actors.iri as actor", "remote_actors.username", "remote_actors.host"])
    .where("remote_claims.iri", "=", iri)
    .where(sql<boolean>`not ${blockedBy(sql`null::bigint`, sql`remote_actors.iri`)}`)
    .executeTakeFirst();
}

/** Which of the claims are kept here. */
export async function listKeptClaims(db: Database, iris: readonly string[]): Promise<string[]> {
  if (iris.length === 0) return [];
  const rows = await db.selectFrom("remote_claims").select("iri").where("iri", "in", iris).execute();
  return rows.map(({ iri }) => iri);
}
