import { type Kysely, sql } from "kysely";

/** Who follows a local user, and whom a local user follows. `follow_iri` is the id of the Follow. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table followers (
      id bigint generated always as identity,
      user_id bigint not null,
      actor_id bigint not null,
      follow_iri text not null,
      created timestamptz not null default now(),
      constraint followers_pkey primary key (user_id, actor_id),
      constraint followers_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint followers_actor_fkey foreign key (actor_id) references remote_actors (id) on delete cascade
    )`.execute(db);
  await sql`create index followers_actor_idx on followers (actor_id)`.execute(db);
  await sql`create index followers_newest_idx on followers (user_id, id desc)`.execute(db);
  await sql`
    create table following (
      id bigint generated always as identity,
      user_id bigint not null,
      actor_id bigint not null,
      follow_iri text not null,
      accepted timestamptz,
      created timestamptz not null default now(),
      constraint following_pkey primary key (user_id, actor_id),
      constraint following_follow_key unique (follow_iri),
      constraint following_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint following_actor_fkey foreign key (actor_id) references remote_actors (id) on delete cascade
    )`.execute(db);
  await sql`create index following_newest_idx on following (user_id, id desc)`.execute(db);
  await sql`create index following_actor_idx on following (actor_id)`.execute(db);
}
