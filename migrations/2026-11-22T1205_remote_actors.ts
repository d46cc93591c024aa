import { type Kysely, sql } from "kysely";

/** Actors of other servers, as their own documents described them when they were last fetched. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table remote_actors (
      id bigint generated always as identity,
      iri text not null,
      username text,
      host text not null,
      name text,
      url text,
      inbox text not null,
      shared_inbox text,
      fetched timestamptz not null default now(),
      constraint remote_actors_pkey primary key (id),
      constraint remote_actors_iri_key unique (iri)
    )`.execute(db);
}
