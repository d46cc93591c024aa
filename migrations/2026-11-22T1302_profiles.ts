import { type Kysely, sql } from "kysely";

/** What users say of themselves, and the works they show first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users
      add column name text,
      add column summary text,
      add column fields json not null default '[]',
      add column icon_url text,
      add column image_url text,
      add column also_known_as text[] not null default '{}',
      add column moved_to text,
      add constraint users_name_check check (char_length(name) between 1 and 100),
      add constraint users_summary_check check (char_length(summary) between 1 and 2000),
      add constraint users_fields_check check (
        json_typeof(fields) = 'array' and json_array_length(fields) <= 8
        and octet_length(fields::text) <= 65536),
      add constraint users_urls_check check (
        char_length(icon_url) <= 2048 and char_length(image_url) <= 2048 and char_length(moved_to) <= 2048),
      add constraint users_also_known_as_check check (cardinality(also_known_as) <= 10)`.execute(db);
  await sql`
    create table pins (
      id bigint generated always as identity,
      user_id bigint not null,
      asset_id bigint not null,
      created timestamptz not null default now(),
      constraint pins_pkey primary key (id),
      constraint pins_asset_key unique (asset_id),
      constraint pins_user_fkey foreign key (user_id) references users (id),
      constraint pins_asset_fkey foreign key (asset_id) references assets (id) on delete cascade
    )`.execute(db);
  await sql`create index pins_user_idx on pins (user_id, id desc)`.execute(db);
}
