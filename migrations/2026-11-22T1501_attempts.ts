import { type Kysely, sql } from "kysely";

/**
 * How often somebody has tried to sign in or to register, counted for all processes together. The key is a hash of who
 * or what is counted. Unlogged: counters may be lost in a crash.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table attempts (
      key bytea not null,
      count integer not null,
      expires timestamptz not null,
      constraint attempts_pkey primary key (key),
      constraint attempts_count_check check (count > 0)
    )`.execute(db);
  await sql`create index attempts_expires_idx on attempts (expires)`.execute(db);
}
