import { type Kysely, sql } from "kysely";

/**
 * How far the deliveries of a publication have been made: up to which of its sender's followers, and then, where a post
 * is deleted, up to which of the inboxes that had it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table publications
      add column last_follower bigint not null default 0,
      add column last_inbox text,
      add constraint publications_last_inbox_check check (pending or last_inbox is null)`.execute(db);
}
