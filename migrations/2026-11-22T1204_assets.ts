import { type Kysely, sql } from "kysely";

/** The registry. Of several claims to one hash the one with the lowest index is the first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table assets (
      id bigint generated always as identity,
      name text not null,
      hash_algorithm text not null,
      content_hash text not null,
      asset_type text not null,
      user_id bigint not null,
      activity_index bigint not null,
      later_claim boolean not null,
      tags text[] not null default '{}',
      metadata json,
      description text,
      url text,
      media_type text,
      width integer,
      height integer,
      duration double precision,
      alt text,
      blurhash text,
      preview_url text,
      license text,
      language text,
      sensitive boolean not null default false,
      content_warning text,
      post text not null,
      created timestamptz not null,
      constraint assets_pkey primary key (id),
      constraint assets_name_key unique (name),
      constraint assets_owner_hash_key unique (content_hash, user_id),
      constraint assets_activity_key unique (activity_index),
      constraint assets_user_fkey foreign key (user_id) references users (id),
      constraint assets_activity_fkey foreign key (activity_index) references activities (index),
      constraint assets_name_check check (char_length(name) between 1 and 255),
      constraint assets_hash_check check (
        (hash_algorithm = 'sha3-256' and content_hash ~ '^[0-9a-f]{64}$')
        or (hash_algorithm = 'cid' and char_length(content_hash) between 46 and 128)),
      constraint assets_type_check check (
        asset_type in ('image', 'video', 'audio', 'recipe', 'effect', 'infrastructure', 'other')),
      constraint assets_tags_check check (cardinality(tags) <= 50),
      constraint assets_metadata_check check (octet_length(metadata::text) <= 16384),
      constraint assets_description_check check (char_length(description) <= 10000),
      constraint assets_alt_check check (char_length(alt) <= 1500),
      constraint assets_content_warning_check check (char_length(content_warning) <= 500),
      constraint assets_url_check check (char_length(url) <= 2048 and char_length(preview_url) <= 2048),
      constraint assets_post_check check (post in ('public', 'unlisted', 'none'))
    )`.execute(db);
  await sql`create unique index assets_first_claim_key on assets (content_hash) where not later_claim`.execute(
    db,
  );
  await sql`create index assets_newest_idx on assets (activity_index desc)`.execute(db);
  await sql`create index assets_user_idx on assets (user_id, activity_index desc)`.execute(db);
  await sql`create index assets_type_idx on assets (asset_type, activity_index desc)`.execute(db);
  await sql`create index assets_tags_idx on assets using gin (tags)`.execute(db);
}
