import { sql } from "kysely";
import type { Database } from "../../src/db/schema.ts";

/** Edges of a made-up graph of works: `numbered(n)` is the hash of the work with that number. */
export const graphs = {
  /** 0 was made from 1, that from 2, and so on. */
  deep: sql`select n as made, n + 1 as used from generate_series(0, 9999) n`,
  /** 0 was made from 1 to 10, and each of these from a thousand. */
  wide: sql`
    select 0 as made, n as used from generate_series(1, 10) n
    union all select n, n * 1000 + m from generate_series(1, 10) n, generate_series(1, 1000) m`,
  /** A hundred layers of a hundred, each work made from ten of the next layer, and the last from the first. */
  dense: sql`
    select 100 * layer + at as made, 100 * ((layer + 1) % 100) + (at + m * 7) % 100 as used
    from generate_series(0, 99) layer, generate_series(0, 99) at, generate_series(1, 10) m`,
  /** 0 was used in ten thousand works. */
  used: sql`select n as made, 0 as used from generate_series(1, 10000) n`,
};

export function numbered(n: number): string {
  return n.toString(16).padStart(64, "0");
}

/** Fills a database with a graph, each of whose works is claimed on another server. */
export async function insertGraph(db: Database, edges: (typeof graphs)["deep"]): Promise<void> {
  const hash = (column: string) => sql`lpad(to_hex(${sql.ref(column)}), 64, '0')`;
  await sql`create temporary table drawn as ${edges}`.execute(db);
  await sql`
    with actor as (
      insert into remote_actors (iri, username, host, inbox)
      values ('https://far.example/users/anna', 'anna', 'far.example', 'https://far.example/users/anna/inbox')
      returning id
    )
    insert into remote_claims (iri, actor_id, content_hash, document, summary)
    select 'https://far.example/activities/' || n, actor.id, ${hash("n")},
      json_build_object('object', json_build_object('name', 'work ' || n))::text,
      json_build_object('name', 'work ' || n)::text
    from actor, (select made as n from drawn union select used from drawn) as numbers`.execute(db);
  await sql`analyze remote_claims, drawn`.execute(db);
  await sql`
    insert into lineage_edges (output, input, role, position, remote_claim_id)
    select content_hash, ${hash("used")}, 'input', row_number() over (partition by made order by used), remote_claims.id
    from drawn join remote_claims on content_hash = ${hash("made")}`.execute(db);
  await sql`drop table drawn`.execute(db);
  await sql`analyze`.execute(db);
}

/** What a piece of work answers, and how many rows of the edges it reads, from the table and its indexes. */
export function countEdgesRead<T>(
  db: Database,
  work: (trx: Database) => Promise<T>,
): Promise<{ answer: T; read: number }> {
  return db.transaction().execute(async (trx) => {
    const before = await readCounter(trx);
    const answer = await work(trx);
    return { answer, read: (await readCounter(trx)) - before };
  });
}

/** How many the session has read that PostgreSQL has not added to its statistics yet. */
async function readCounter(trx: Database): Promise<number> {
  const { rows } = await sql<{ read: number }>`
    select sum(pg_stat_get_xact_tuples_returned(oid))::int as read from pg_class
    where relname like 'lineage_edges%'`.execute(trx);
  return rows[0]?.read ?? 0;
}
