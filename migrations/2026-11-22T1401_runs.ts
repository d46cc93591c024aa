import { type Kysely, sql } from "kysely";

/**
 * How assets came to be: what the claim states of it, and the exact text that a renderer gave of the run. A run is
 * recorded once by a user; what is withdrawn takes its run along.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // `json` keeps the order of keys, in which it is stated again whenever the asset changes.
  await sql`
    alter table assets add column provenance json,
      add constraint assets_provenance_check check (json_typeof(provenance) = 'object')`.execute(db);
  await sql`
    create table runs (
      l1_server text not null,
      run_id text not null,
      user_id bigint not null,
      asset_id bigint not null,
      document text not null,
      digest text not null,
      created timestamptz not null default now(),
      constraint runs_pkey primary key (l1_server, run_id, user_id),
      constraint runs_asset_key unique (asset_id),
      constraint runs_user_fkey foreign key (user_id) references users (id),
      constraint runs_asset_fkey foreign key (asset_id) references assets (id) on delete cascade,
      constraint runs_run_id_check check (run_id ~ '^[A-Za-z0-9_-]{1,128}$'),
      constraint runs_document_check check (octet_length(document) <= 1048576),
      constraint runs_digest_check check (digest ~ '^[0-9a-f]{64}$')
    )`.execute(db);
  await sql`create index runs_user_idx on runs (user_id)`.execute(db);
}
