import { sql } from "kysely";
import { mayReceive } from "./blocked-deliveries.ts";
import { blockedBy } from "./blocks.ts";
import type { Database, Transaction } from "./schema.ts";

export interface NewPublication {
  readonly iri: string;
  readonly userId: number;
  readonly activityIndex: number | null;
  readonly noteIndex: number | null;
  readonly recipientId: number | null;
  readonly toFollowers: boolean;
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
      note_index: publication.noteIndex,
      recipient_id: publication.recipientId,
      to_followers: publication.toFollowers,
      document: publication.document,
      pending: true,
      created: publication.created,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * The exact bytes of the newest activity that carries the Note of the claim at the index: its `Create`, or its last
 * `Update`. `null` where the Note was deleted, `undefined` where there never was one.
 */
export async function findPost(db: Database, index: number): Promise<string | null | undefined> {
  const row = await db
    .selectFrom("publications")
    .innerJoin("activities", "activities.index", "publications.activity_index")
    .select("publications.document")
    .where("publications.note_index", "=", index)
    .where("activities.type", "in", ["Create", "Update"])
    .orderBy("publications.activity_index", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.document;
}

/**
 * Erases what was said of a Note: the documents go, and what still waits to be sent of them is sent no more. To be
 * called before its `Delete` is published.
 */
export async function erasePublications(trx: Transaction, noteIndex: number): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    update publications set document = null
    where note_index = ${noteIndex} and document is not null returning id`.execute(trx);
  if (rows.length === 0) return;
  // A fan-out that runs at this moment has its rows committed by now: it held a lock on the publication.
  await trx
    .updateTable("deliveries")
    .set({ state: "refused", last_error: "The work was withdrawn before it could be sent." })
    .where(
      "publication_id",
      "in",
      rows.map(({ id }) => id),
    )
    .where("state", "=", "waiting")
    .execute();
}

/**
 * A publication, and before it those of the same user whose deliveries are still to be made too. Until the transaction
 * ends nobody else makes deliveries for that user, so that they come into being in the order of publication.
 */
export async function lockPendingPublications(trx: Transaction, publicationId: number): Promise<number[]> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('fan_out', user_id)) from publications
    where id = ${publicationId}`.execute(trx);
  const rows = await trx
    .selectFrom("publications as last")
    .innerJoin("publications", "publications.user_id", "last.user_id")
    .select("publications.id")
    .where("last.id", "=", publicationId)
    .where((where) =>
      where.or([
        where("publications.id", "=", publicationId),
        where.and([where("publications.pending", "=", true), where("publications.id", "<", publicationId)]),
      ]),
    )
    .orderBy("publications.id")
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Makes one row for every inbox that is to have the publication: its recipient's, those of all followers of the user,
 * the shared one where there is one, or both; and where a post is deleted, those that had it, whoever follows now. One
 * statement, however many they are; doing it twice changes nothing, and what was erased meanwhile is sent to nobody.
 * Whoever is blocked gets none.
 */
export async function insertDeliveries(db: Database, publicationId: number): Promise<void> {
  const sender = {
    userId: sql<number>`publication.user_id`,
    document: sql<string>`publication.document`,
  };
  const recipient = { iri: sql<string>`remote_actors.iri`, inbox: sql<string>`remote_actors.inbox` };
  const had = { iri: sql<string>`sent.inbox`, inbox: sql<string>`sent.inbox` };
  await sql`
    with publication as (
      select * from publications where id = ${publicationId} and document is not null for share)
    insert into deliveries (publication_id, user_id, inbox, host)
    select ${publicationId}, user_id, inbox, substring(inbox from '^https?://([^/?#]+)')
    from (
      select publication.user_id,
        case when to_followers then coalesce(shared_inbox, inbox) else inbox end as inbox
      from publication join remote_actors on remote_actors.id = publication.recipient_id
      where ${mayReceive(sender, recipient)}
      union
      select publication.user_id, coalesce(remote_actors.shared_inbox, remote_actors.inbox)
      from publication
      join followers on followers.user_id = publication.user_id
      join remote_actors on remote_actors.id = followers.actor_id
      where publication.to_followers and not ${blockedBy(sender.userId, recipient.iri)}
        and not ${blockedBy(sender.userId, recipient.inbox)}
      union
      select publication.user_id, sent.inbox
      from publication
      join publications earlier on earlier.note_index = publication.note_index
        and earlier.user_id = publication.user_id and earlier.id < publication.id
      join deliveries sent on sent.publication_id = earlier.id
      where publication.to_followers and publication.document::json ->> 'type' = 'Delete'
        and ${mayReceive(sender, had)}
      group by publication.user_id, sent.inbox
      having bool_or(sent.state = 'delivered')
        and not bool_or(sent.state = 'refused' and sent.last_error in ('HTTP 404', 'HTTP 410'))
    ) as inboxes
    on conflict (publication_id, inbox) do nothing`.execute(db);
  await db
    .updateTable("publications")
    .set({ pending: false })
    .where("id", "=", publicationId)
    .where("pending", "=", true)
    .execute();
}

/** Makes the deliveries of a publication, after those of what the same user published before it. */
export async function insertPendingDeliveries(trx: Transaction, publicationId: number): Promise<void> {
  for (const id of await lockPendingPublications(trx, publicationId)) await insertDeliveries(trx, id);
}

export interface OutboxItem {
  readonly index: number;
  readonly document: string;
}

/**
 * What a user published, newest first: registrations, changes, withdrawals and shares, each once, as the post or the
 * claim. What was erased is left out.
 */
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
    .where("activities.document", "is not", null)
    .$narrowType<{ document: string }>()
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
    .where("document", "is not", null)
    .executeTakeFirstOrThrow();
  return count;
}
