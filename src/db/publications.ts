import { sql } from "kysely";
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
  // What a fan-out makes at this moment is committed by now: it held a lock on the publication. It makes no more.
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
