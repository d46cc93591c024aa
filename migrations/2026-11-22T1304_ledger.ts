import { type Kysely, sql } from "kysely";

/**
 * What the author of a publication is shown of its deliveries, and what holds them up: an inbox can be left alone for a
 * while, as a host can, and both say why.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  // From when the tries of a row count; a row that is sent again begins anew.
  await sql`alter table deliveries add column started timestamptz not null default now()`.execute(db);
  // Publications whose deliveries are still to be made: those of one user are made in their order.
  await sql`alter table publications add column pending boolean not null default false`.execute(db);
  await sql`create index publications_pending_idx on publications (user_id, id) where pending`.execute(db);
  await sql`alter table delivery_hosts add column last_error text`.execute(db);
  await sql`
    create table delivery_inboxes (
      inbox text not null,
      host text not null,
      failures integer not null default 0,
      held_until timestamptz not null,
      last_error text,
      constraint delivery_inboxes_pkey primary key (inbox)
    )`.execute(db);
  await sql`create index delivery_inboxes_host_idx on delivery_inboxes (host)`.execute(db);
  // The inboxes of a host, and who is behind an inbox.
  await sql`
    create index remote_actors_inbox_host_idx on remote_actors
      (substring(coalesce(shared_inbox, inbox) from '^https?://([^/?#]+)'))`.execute(db);
  await sql`create index remote_actors_inbox_idx on remote_actors (inbox)`.execute(db);
  await sql`
    create index remote_actors_shared_inbox_idx on remote_actors (shared_inbox)
      where shared_inbox is not null`.execute(db);
}
