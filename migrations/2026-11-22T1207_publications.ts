import { type Kysely, sql } from "kysely";

/**
 * What was sent out: each activity once, as its exact bytes, and a row for every inbox that is to have it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table publications (
      id bigint generated always as identity,
      iri text not null,
      user_id bigint not null,
      activity_index bigint,
      recipient_id bigint,
      document text not null,
      created timestamptz not null,
      constraint publications_pkey primary key (id),
      constraint publications_iri_key unique (iri),
      constraint publications_activity_key unique (activity_index),
      constraint publications_user_fkey foreign key (user_id) references users (id),
      constraint publications_activity_fkey foreign key (activity_index) references activities (index),
      constraint publications_recipient_fkey foreign key (recipient_id) references remote_actors (id) on delete cascade
    )`.execute(db);
  await sql`create index publications_user_idx on publications (user_id)`.execute(db);
  await sql`
    create table deliveries (
      id bigint generated always as identity,
      publication_id bigint not null,
      user_id bigint not null,
      inbox text not null,
      host text not null,
      state text not null default 'waiting',
      attempts integer not null default 0,
      next_try timestamptz not null default now(),
      last_error text,
      created timestamptz not null default now(),
      delivered timestamptz,
      constraint deliveries_pkey primary key (id),
      constraint deliveries_inbox_key unique (publication_id, inbox),
      constraint deliveries_publication_fkey foreign key (publication_id) references publications (id)
        on delete cascade,
      constraint deliveries_user_fkey foreign key (user_id) references users (id),
      constraint deliveries_state_check check (state in ('waiting', 'delivered', 'refused', 'given_up')),
      constraint deliveries_delivered_check check ((state = 'delivered') = (delivered is not null))
    )`.execute(db);
  await sql`
    create index deliveries_line_idx on deliveries (host, inbox, user_id, id) where state = 'waiting'`.execute(
    db,
  );
  await sql`create index deliveries_due_idx on deliveries (next_try) where state = 'waiting'`.execute(db);
  await sql`
    create table delivery_hosts (
      host text not null,
      failures integer not null default 0,
      held_until timestamptz not null,
      constraint delivery_hosts_pkey primary key (host)
    )`.execute(db);
}
