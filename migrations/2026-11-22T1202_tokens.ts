import { type Kysely, sql } from "kysely";

/** Tokens by their id (`jti`), never the tokens themselves: what was issued, what is revoked. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tokens (
      id uuid not null,
      user_id bigint not null,
      created timestamptz not null default now(),
      expires timestamptz not null,
      revoked timestamptz,
      constraint tokens_pkey primary key (id),
      constraint tokens_user_fkey foreign key (user_id) references users (id) on delete cascade
    )`.execute(db);
  await sql`create index tokens_user_idx on tokens (user_id)`.execute(db);
}
