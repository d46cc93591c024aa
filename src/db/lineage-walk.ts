import { type RawBuilder, sql } from "kysely";
import type { Database } from "./schema.ts";

export interface WalkOptions {
  /** Steps from the beginning at most. */
  readonly depth: number;
  /** Nodes at most, with the one where the walk begins. */
  readonly limit: number;
  /** Whether to go to what it was made from, and to what it was used in. */
  readonly back: boolean;
  readonly forth: boolean;
}

/** How many edges are gone along for each node that may be answered. */
const edgesPerNode = 5;

export interface WalkedNode {
  readonly hash: string;
  /** Steps back to it, where the beginning was made from it; 0 at the beginning itself. */
  readonly back: number | null;
  /** Steps forth to it, where the beginning was used in it. */
  readonly forth: number | null;
}

export interface WalkedEdge {
  readonly output: string;
  readonly input: string;
  readonly role: "input" | "recipe";
  readonly name: string | null;
  /** The claim that states it: the index of a local one, or the IRI of a remote one. */
  readonly index: number | null;
  readonly iri: string | null;
}

export interface Walk {
  /** The nearest first, the beginning before all. */
  readonly nodes: readonly WalkedNode[];
  /** Between these nodes. */
  readonly edges: readonly WalkedEdge[];
  /** Whether there is more than the limits let through. */
  readonly truncated: boolean;
}

/**
 * Walks the graph of works from a hash, in one statement. A row of the recursion is a whole level, with all that was
 * seen before, so that the limits hold inside of it: it finds five edges at most for each node of the limit, whatever
 * the size of the graph, and a node is gone on from once, which makes cycles harmless. Both ways get an equal share.
 * Rows are looked up one by one (`lateral` and `limit`), since the planner can't know how few they are, and would read
 * whole tables to join them; `is true` keeps it from making a join of what one hash table tells.
 */
export async function walkLineage(db: Database, hash: string, options: WalkOptions): Promise<Walk> {
  const { depth, limit } = options;
  const edges = limit * edgesPerNode;
  const begin = (wanted: boolean) => (wanted ? sql`array[${hash}]` : sql`'{}'::text[]`);
  const { rows } = await sql<Walk>`
    with recursive walk (depth, back, forth, new_back, new_forth, edges, walked, cut) as (
      select 0, array[${hash}]::text[], array[${hash}]::text[], ${begin(options.back)}::text[],
        ${begin(options.forth)}::text[], '{}'::bigint[], 0, false
      union all
      select walk.depth + 1, walk.back || step.back, walk.forth || step.forth, step.back, step.forth, step.edges,
        walk.walked + cardinality(step.edges), step.cut
      from walk
      cross join lateral (
        with room as (
          select ${edges}::int - walk.walked as edges,
            case when walk.depth >= ${depth}::int then 0
              else ${limit}::int - (select count(distinct hash) from unnest(walk.back || walk.forth) as hash) end as nodes
        ), found as (
          select *, row_number() over (order by turn, way) as place from (
            ${readEdges("back", limit)}
            union all
            ${readEdges("forth", limit)}
          ) as ways
        ), fresh as (
          select way, hash, row_number() over (order by min(place)) as place
          from found
          where hash <> all (case way when 'back' then walk.back else walk.forth end)
          group by way, hash
        )
        select
          array(select hash from fresh, room where way = 'back' and place <= room.nodes order by place) as back,
          array(select hash from fresh, room where way = 'forth' and place <= room.nodes order by place) as forth,
          array(select id from found, room where place <= room.edges order by place) as edges,
          exists (select from fresh, room where place > room.nodes)
            or exists (select from found, room where place > room.edges) as cut
      ) as step
      where not walk.cut and walk.depth <= ${depth}::int
        and cardinality(walk.new_back) + cardinality(walk.new_forth) > 0
    ), reached as (
      select hash, min(depth) filter (where way = 'back') as back, min(depth) filter (where way = 'forth') as forth
      from (
        select 'back' as way, depth, unnest(new_back) as hash from walk
        union all
        select 'forth', depth, unnest(new_forth) from walk
      ) as steps
      group by hash
    ), stated as (
      select e.*, local.index, remote.iri
      from (select distinct unnest(edges) as id from walk) as walked
      cross join lateral (
        select id, output, input, role, name, asset_id, remote_claim_id from lineage_edges
        where id = walked.id limit 1
      ) as e
      left join lateral (
        select activity_index as index from assets where id = e.asset_id limit 1
      ) as local on true
      left join lateral (
        select iri from remote_claims where id = e.remote_claim_id limit 1
      ) as remote on true
      where (e.output in (select hash from reached)) is true and (e.input in (select hash from reached)) is true
    )
    select
      (select json_agg(json_build_object('hash', hash, 'back', back, 'forth', forth)
        order by least(back, forth), hash) from reached) as nodes,
      (select coalesce(json_agg(json_build_object('output', output, 'input', input, 'role', role, 'name', name,
        'index', index, 'iri', iri) order by id), '[]') from stated) as edges,
      (select bool_or(cut) from walk) as truncated`.execute(db);
  const [walk] = rows;
  if (walk == null) throw new Error("the walk has no answer");
  return walk;
}

/** The edges that go on from the newest nodes of one way, no more than there is room for, and one that says so. */
function readEdges(way: "back" | "forth", limit: number): RawBuilder<unknown> {
  const [here, there] = way === "back" ? ["output", "input"] : ["input", "output"];
  const most = sql`(${limit * edgesPerNode}::int - walk.walked + 1)`;
  // The order is the index's, in which nothing but what is answered has to be read.
  return sql`(
    select ${sql.lit(way)} as way, next.id, next.hash, row_number() over () as turn
    from unnest(${sql.ref(`walk.new_${way}`)}) with ordinality as from_node (hash, at)
    cross join lateral (
      select e.id, ${sql.ref(`e.${there}`)} as hash from lineage_edges e
      where ${sql.ref(`e.${here}`)} = from_node.hash order by e.position, e.id limit ${most}
    ) as next
    limit ${most}
  )`;
}
