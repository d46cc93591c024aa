import { type Kysely, sql } from "kysely";

/** Local accounts. The name is folded to lower case; a password is an argon2id PHC string. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table users (
      id bigint generated always as identity,
      username text not null,
      password_hash text,
      email text,
      admin boolean not null default false,
      created timestamptz not null default now(),
      constraint users_pkey primary key (id),
      constraint users_username_key unique (username),
      constraint users_username_check check (username ~ '^[a-z0-9_]{1,30}$'),
      constraint users_email_check check (char_length(email) <= 254)
    )`.execute(db);
}
