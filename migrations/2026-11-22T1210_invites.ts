import { type Kysely, sql } from "kysely";

/** Invitations to register, each good for one account. Only the SHA-256 of its code is stored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table invites (
      code_hash text not null,
      created timestamptz not null default now(),
      expires timestamptz not null,
      used timestamptz,
      constraint invites_pkey primary key (code_hash)
    )`.execute(db);
}
