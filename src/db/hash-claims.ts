import { sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { AssetRow, Database } from "./schema.ts";

/** How many claims to a hash are listed, of this server and of others. */
const claimsPerHash = 20;

export interface LocalClaim extends Pick<AssetRow, "name" | "asset_type" | "later_claim"> {
  readonly hash: string;
  readonly index: number;
  readonly owner: string;
}

/** The claims of this server to each of the hashes, the first one of a hash first, at most twenty. */
export async function listLocalClaims(db: Database, hashes: readonly string[]): Promise<LocalClaim[]> {
  const { rows } = await sql<LocalClaim>`
    select asked.hash, claims.*
    from unnest(${hashes}::text[]) as asked (hash)
    cross join lateral (
      select assets.activity_index as index, assets.name, asset_type, later_claim, users.username as owner
      from assets join users on users.id = assets.user_id
      where assets.content_hash = asked.hash
      order by assets.activity_index limit ${claimsPerHash}
    ) as claims
    order by claims.index`.execute(db);
  return rows;
}

export interface RemoteClaim {
  readonly hash: string;
  readonly iri: string;
  /** What is told of it, as JSON text; `null` where that was not kept. */
  readonly summary: string | null;
  readonly withdrawn: Date | null;
  readonly fetched: Date;
  readonly actor: string;
  readonly username: string | null;
  readonly host: string;
}

/**
 * The claims of other servers to each of the hashes, in the order in which they became known here, at most twenty.
 * Those of actors whom the server blocks are left out.
 */
export async function listRemoteClaims(db: Database, hashes: readonly string[]): Promise<RemoteClaim[]> {
  const { rows } = await sql<RemoteClaim>`
    select asked.hash, claims.iri, summary, withdrawn, fetched, actor, username, host
    from unnest(${hashes}::text[]) as asked (hash)
    cross join lateral (
      select remote_claims.id, remote_claims.iri, summary, withdrawn, remote_claims.fetched,
        remote_actors.iri as actor, username, host
      from remote_claims join remote_actors on remote_actors.id = remote_claims.actor_id
      where remote_claims.content_hash = asked.hash
        and not ${blockedBy(sql`null::bigint`, sql`remote_actors.iri`)}
      order by remote_claims.id limit ${claimsPerHash}
    ) as claims
    order by claims.id`.execute(db);
  return rows;
}
