import { sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { Database } from "./schema.ts";

/** Where claims to a hash stand. */
export interface SourceLinks {
  /** Name of the asset whose claim to it is the first one here. */
  readonly name: string | null;
  /** The index of that claim. */
  readonly index: number | null;
  /** Addresses of kept claims of other servers, the one that was kept first in front. */
  readonly claims: readonly string[];
}

/** Of more claims of other servers to one hash nobody is told. */
const maxClaims = 10;

/**
 * Where claims to hashes stand, here and on known servers; those to which there are none are not in the map. Claims of
 * actors whom the server blocks are left out.
 */
export async function findSourceLinks(
  db: Database,
  hashes: readonly string[],
  limit = maxClaims,
): Promise<Map<string, SourceLinks>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<SourceLinks & { hash: string }>`
    select wanted.hash, local.name, local.index, remote.claims
    from unnest(${[...new Set(hashes)]}::text[]) as wanted (hash)
    left join lateral (
      select name, activity_index as index from assets where content_hash = wanted.hash order by activity_index limit 1
    ) local on true
    cross join lateral (
      select coalesce(array_agg(iri order by id), '{}') as claims from (
        select remote_claims.id, remote_claims.iri
        from remote_claims join remote_actors on remote_actors.id = remote_claims.actor_id
        where remote_claims.content_hash = wanted.hash and withdrawn is null
          and not ${blockedBy(sql`null::bigint`, sql`remote_actors.iri`)}
        order by remote_claims.id limit ${limit}
      ) kept
    ) remote
    where local.name is not null or cardinality(remote.claims) > 0`.execute(db);
  return new Map(rows.map(({ hash, ...links }) => [hash, links]));
}
