import { type Kysely, sql } from "kysely";

interface Edge {
  readonly position: number;
  readonly hash: string;
  readonly name: string | null;
}

interface Source {
  readonly name?: unknown;
  readonly contentHash?: { readonly value?: unknown } | null;
}

/**
 * The graph of works: that the bytes `input` went into the bytes `output`, as a claim states it, of this server (then
 * the edge is its asset's and goes with it) or of another. And the key with which a kept claim was verified, so that
 * this can be shown again when its author's server is gone.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lineage_edges (
      id bigint generated always as identity,
      output text not null,
      input text not null,
      role text not null,
      position integer not null,
      name text,
      asset_id bigint,
      remote_claim_id bigint,
      constraint lineage_edges_pkey primary key (id),
      constraint lineage_edges_asset_key unique (asset_id, position),
      constraint lineage_edges_remote_claim_key unique (remote_claim_id, position),
      constraint lineage_edges_asset_fkey foreign key (asset_id) references assets (id) on delete cascade,
      constraint lineage_edges_remote_claim_fkey foreign key (remote_claim_id) references remote_claims (id)
        on delete cascade,
      constraint lineage_edges_claim_check check (num_nonnulls(asset_id, remote_claim_id) = 1),
      constraint lineage_edges_role_check check (role in ('input', 'recipe')),
      constraint lineage_edges_position_check check (position >= 0 and (position = 0) = (role = 'recipe')),
      constraint lineage_edges_hash_check check (
        char_length(output) between 46 and 128 and char_length(input) between 46 and 128),
      constraint lineage_edges_name_check check (char_length(name) <= 255)
    )`.execute(db);
  await sql`create index lineage_edges_output_idx on lineage_edges (output, position, id)`.execute(db);
  await sql`create index lineage_edges_input_idx on lineage_edges (input, position, id)`.execute(db);
  await sql`alter table remote_claims add column public_key text`.execute(db);
  await fill(
    db,
    "asset_id",
    sql`select assets.id, content_hash as output, document from assets
      join activities on activities.index = assets.activity_index
      where document like '%"provenance"%'`,
  );
  await fill(
    db,
    "remote_claim_id",
    sql`select id, content_hash as output, document from remote_claims
      where withdrawn is null and document like '%"provenance"%'`,
  );
}

type Statement = ReturnType<typeof sql>;

/** Fills in what the claims state that are there already, five hundred at a time. */
async function fill(db: Kysely<unknown>, column: string, claims: Statement): Promise<void> {
  for (let after = 0; ;) {
    const { rows } = await sql<{ id: number; output: string; document: string }>`
      select id, output, document from (${claims}) as claims where id > ${after} order by id limit 500`.execute(
      db,
    );
    for (const { id, output, document } of rows) {
      after = Number(id);
      for (const { position, hash, name } of readEdges(document)) {
        await sql`
          insert into lineage_edges (output, input, role, position, name, ${sql.ref(column)})
          values (${output}, ${hash}, ${position === 0 ? "recipe" : "input"}, ${position}, ${name}, ${id})`.execute(
          db,
        );
      }
    }
    if (rows.length < 500) return;
  }
}

function readEdges(document: string): Edge[] {
  const claim = JSON.parse(document) as {
    object?: { provenance?: { recipe?: Source; inputs?: unknown } | null } | null;
  };
  const { recipe, inputs } = claim.object?.provenance ?? {};
  const listed: unknown[] = Array.isArray(inputs) ? inputs.slice(0, 1000) : [];
  return [recipe, ...listed].flatMap((value, position) => {
    const source = value as Source | null | undefined;
    const hash = readHash(source?.contentHash?.value);
    const name = typeof source?.name === "string" ? source.name.slice(0, 255) : "";
    const storable = name !== "" && !name.includes("\0") && name.isWellFormed();
    return hash == null ? [] : [{ position, hash, name: storable ? name : null }];
  });
}

function readHash(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const hex = /^(?:sha3-256:)?([0-9a-f]{64})$/i.exec(value)?.[1];
  if (hex != null) return hex.toLowerCase();
  return /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|ba[e-h][a-z2-7]{48,125}|k[0-9a-z]{50,127}|f01[0-9a-f]{62,125}|z[1-9A-HJ-NP-Za-km-z]{46,127})$/.test(
    value,
  )
    ? value
    : undefined;
}
