import { sql } from "kysely";
import type { Database } from "./schema.ts";

/** Where claims to a hash stand. */
export interface SourceLinks {
  /** Name of the asset whose claim to it is the first one here. */
  readonly name: string | null;
  /** Addresses of kept claims of other servers, the one that was kept first in front. */
  readonly claims: readonly string[];
}

/** Of more claims of other servers to one hash nobody is told. */
const maxClaims = 10;

/** Where claims to hashes stand, here and on known servers; those to which there are none are not in the map. */
export async function findSourceLinks(
  db: Database,
  hashes: readonly string[],
): Promise<Map<string, SourceLinks>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<{ hash: string; name: string | null; claims: string[] }>`
    select wanted.hash, local.name, remote.claims
    from unnest(${[...new Set(hashes)]}::text[]) as wanted (hash)
    left join lateral (
      select name from assets where content_hash = wanted.hash order by activity_index limit 1
    ) local on true
    cross join lateral (
      select coalesce(array_agg(iri order by id), '{}') as claims from (
        select id, iri from remote_claims
        where content_hash = wanted.hash and withdrawn is null order by id limit ${maxClaims}
      ) kept
    ) remote
    where local.name is not null or cardinality(remote.claims) > 0`.execute(db);
  return new Map(rows.map(({ hash, name, claims }) => [hash, { name, claims }]));
}
