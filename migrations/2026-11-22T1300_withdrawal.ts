import { type Kysely, sql } from "kysely";

/**
 * Assets that change, are shared and are withdrawn. A withdrawn document is gone but for its leaf hash (RFC 6962), and
 * its addresses stay burnt: only their keyed hashes are kept.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table activities
      add column claim_index bigint,
      add column leaf_hash bytea,
      alter column document drop not null,
      add constraint activities_claim_fkey foreign key (claim_index) references activities (index),
      add constraint activities_erased_check check ((document is null) = (leaf_hash is not null)),
      add constraint activities_leaf_hash_check check (octet_length(leaf_hash) = 32)`.execute(db);
  await sql`create index activities_claim_idx on activities (claim_index, index) where claim_index is not null`.execute(
    db,
  );
  await sql`
    alter table assets
      add column latest_index bigint,
      add column updated timestamptz,
      add constraint assets_latest_fkey foreign key (latest_index) references activities (index)`.execute(db);
  await sql`update assets set latest_index = activity_index`.execute(db);
  await sql`alter table assets alter column latest_index set not null`.execute(db);
  await sql`
    alter table publications
      add column note_index bigint,
      add column to_followers boolean not null default true,
      alter column document drop not null,
      add constraint publications_note_fkey foreign key (note_index) references activities (index)`.execute(
    db,
  );
  await sql`update publications set note_index = activity_index, to_followers = recipient_id is null`.execute(
    db,
  );
  await sql`create index publications_note_idx on publications (note_index, activity_index)`.execute(db);
  await sql`
    create table burnt (
      digest bytea not null,
      created timestamptz not null default now(),
      constraint burnt_pkey primary key (digest),
      constraint burnt_digest_check check (octet_length(digest) = 32)
    )`.execute(db);
  await sql`
    create table shares (
      id bigint generated always as identity,
      user_id bigint not null,
      object_iri text not null,
      activity_index bigint not null,
      author_id bigint,
      created timestamptz not null default now(),
      constraint shares_pkey primary key (id),
      constraint shares_object_key unique (user_id, object_iri),
      constraint shares_activity_key unique (activity_index),
      constraint shares_user_fkey foreign key (user_id) references users (id),
      constraint shares_activity_fkey foreign key (activity_index) references activities (index),
      constraint shares_author_fkey foreign key (author_id) references remote_actors (id) on delete set null
    )`.execute(db);
  await sql`create index shares_object_idx on shares (object_iri)`.execute(db);
}
