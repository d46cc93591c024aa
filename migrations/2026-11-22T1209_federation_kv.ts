import { type Kysely, sql } from "kysely";

/**
 * The key-value table of Fedify's PostgresKvStore, logged and with an index for its sweep. `created` has no
 * time zone, so that created + ttl is immutable; every connection runs in UTC.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table fedify_kv_v2 (
      key text[] not null,
      value jsonb not null,
      created timestamp not null default current_timestamp,
      ttl interval,
      constraint fedify_kv_v2_pkey primary key (key)
    )`.execute(db);
  await sql`create index fedify_kv_v2_expiry_idx on fedify_kv_v2 ((created + ttl)) where ttl is not null`.execute(
    db,
  );
  await sql`
    create function fedify_kv_v2_touch() returns trigger language plpgsql as $$
      begin
        new.created = current_timestamp;
        return new;
      end $$`.execute(db);
  await sql`
    create trigger fedify_kv_v2_touch before update on fedify_kv_v2
      for each row execute function fedify_kv_v2_touch()`.execute(db);
}
