import { type Kysely, sql } from "kysely";

/** Tokens by when they expire, so that those that have long done so are found without reading all. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index tokens_expires_idx on tokens (expires)`.execute(db);
}
