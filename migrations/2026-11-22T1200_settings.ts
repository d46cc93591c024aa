import { type Kysely, sql } from "kysely";

/** What the server must remember of itself, such as its origin. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table settings (
      key text not null,
      value text not null,
      created timestamptz not null default now(),
      constraint settings_pkey primary key (key)
    )`.execute(db);
}
