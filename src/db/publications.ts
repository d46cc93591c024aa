import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

export interface NewPublication {
  readonly iri: string;
  readonly userId: number;
  readonly activityIndex: number | null;
  readonly recipientId: number | null;
  readonly document: string;
  readonly created: Date;
}

/** Stores an activity that is to be sent, and gives its id. */
export async function insertPublication(trx: Transaction, publication: NewPublication): Promise<number> {
  const { id } = await trx
    .insertInto("publications")
    .values({
      iri: publication.iri,
      user_id: publication.userId,
      activity_index: publication.activityIndex,
      recipient_id: publication.recipientId,
      document: publication.document,
      created: publication.created,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** The exact bytes of the post that shows the claim at the index. */
export async function findPost(db: Database, index: number): Promise<string | undefined> {
  const row = await db
    .selectFrom("publications")
    .select("document")
    .where("activity_index", "=", index)
    .executeTakeFirst();
  return row?.document;
}

/**
 * Makes one row for every inbox that is to have the publication: its recipient's, or those of all followers of the
 * user, the shared one where there is one. One statement, however many they are; doing it twice changes nothing.
 */
export async function insertDeliveries(db: Database, publicationId: number): Promise<void> {
  await sql`
    insert into deliveries (publication_id, user_id, inbox, host)
    select ${publicationId}, user_id, inbox, substring(inbox from '^https?://([^/?#]+)')
    from (
      select publications.user_id, remote_actors.inbox
      from publications join remote_actors on remote_actors.id = publications.recipient_id
      where publications.id = ${publicationId}
      union
      select publications.user_id, coalesce(remote_actors.shared_inbox, remote_actors.inbox)
      from publications
      join followers on followers.user_id = publications.user_id
      join remote_actors on remote_actors.id = followers.actor_id
      where publications.id = ${publicationId} and publications.recipient_id is null
    ) as inboxes
    on conflict (publication_id, inbox) do nothing`.execute(db);
}

/** The hosts that wait for a publication. */
export async function listWaitingHosts(db: Database, publicationId: number): Promise<string[]> {
  const rows = await db
    .selectFrom("deliveries")
    .select("host")
    .distinct()
    .where("publication_id", "=", publicationId)
    .where("state", "=", "waiting")
    .execute();
  return rows.map(({ host }) => host);
}

export interface OutboxItem {
  readonly index: number;
  readonly document: string;
}

/** What a user published, newest first: each registration once, as its post, or as its claim where it has none. */
export async function listOutbox(
  db: Database,
  userId: number,
  page: { before: number; limit: number },
): Promise<OutboxItem[]> {
  return await db
    .selectFrom("activities")
    .leftJoin("publications", "publications.activity_index", "activities.index")
    .select((eb) => [
      "activities.index",
      eb.fn.coalesce("publications.document", "activities.document").as("document"),
    ])
    .where("activities.user_id", "=", userId)
    .where("activities.index", "<", page.before)
    .orderBy("activities.index", "desc")
    .limit(page.limit)
    .execute();
}

export async function countOutbox(db: Database, userId: number): Promise<number> {
  const { count } = await db
    .selectFrom("activities")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return count;
}
