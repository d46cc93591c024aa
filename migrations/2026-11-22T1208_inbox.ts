import { type Kysely, sql } from "kysely";

/**
 * What others sent: each (actor, activity) once; the posts of those whom somebody here follows, and the
 * claims behind them as their exact bytes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table received_activities (
      actor_iri text not null,
      activity_iri text not null,
      received timestamptz not null default now(),
      constraint received_activities_pkey primary key (actor_iri, activity_iri)
    )`.execute(db);
  await sql`create index received_activities_received_idx on received_activities (received)`.execute(db);
  await sql`
    create table remote_claims (
      id bigint generated always as identity,
      iri text not null,
      actor_id bigint not null,
      content_hash text not null,
      document text not null,
      fetched timestamptz not null default now(),
      constraint remote_claims_pkey primary key (id),
      constraint remote_claims_iri_key unique (iri),
      constraint remote_claims_actor_fkey foreign key (actor_id) references remote_actors (id)
    )`.execute(db);
  await sql`create index remote_claims_hash_idx on remote_claims (content_hash)`.execute(db);
  await sql`
    create table remote_posts (
      id bigint generated always as identity,
      iri text not null,
      actor_id bigint not null,
      url text,
      content text not null,
      claim_iri text,
      claim_id bigint,
      published timestamptz not null,
      received timestamptz not null default now(),
      constraint remote_posts_pkey primary key (id),
      constraint remote_posts_iri_key unique (iri),
      constraint remote_posts_actor_fkey foreign key (actor_id) references remote_actors (id),
      constraint remote_posts_claim_fkey foreign key (claim_id) references remote_claims (id)
    )`.execute(db);
  await sql`create index remote_posts_actor_idx on remote_posts (actor_id, id desc)`.execute(db);
}
