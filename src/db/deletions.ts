import { sql } from "kysely";
import type { Database, Transaction, UserRow } from "./schema.ts";

/** Marks a user as deleted and empties his row, all but the name. Gives `false` where that was done before. */
export async function markDeleted(trx: Transaction, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("users")
    .set({
      deleted: sql<Date>`now()`,
      password_hash: null,
      email: null,
      name: null,
      summary: null,
      fields: "[]",
      icon_url: null,
      image_url: null,
      also_known_as: [],
      moved_to: null,
    })
    .where("id", "=", userId)
    .where("deleted", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Takes every way in from a user: sessions, tokens of renderers, accounts elsewhere. */
export async function deleteWaysIn(trx: Transaction, userId: number): Promise<void> {
  for (const table of ["tokens", "user_renderers", "sign_ins"] as const)
    await trx.deleteFrom(table).where("user_id", "=", userId).execute();
}

/** A user who is deleted and of whom something may be left. */
export function findUnerased(db: Database, userId: number): Promise<UserRow | undefined> {
  return db
    .selectFrom("users")
    .selectAll()
    .where("id", "=", userId)
    .where("deleted", "is not", null)
    .where("erased", "is", null)
    .executeTakeFirst();
}

/** Names of a user's assets, so many at most. */
export async function listAssetNames(db: Database, userId: number, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("assets")
    .select("name")
    .where("user_id", "=", userId)
    .orderBy("activity_index")
    .limit(limit)
    .execute();
  return rows.map(({ name }) => name);
}

/** The newest of a user's publications whose deliveries are still to be made. */
export async function findLastPending(db: Database, userId: number): Promise<number | undefined> {
  const row = await db
    .selectFrom("publications")
    .select("id")
    .where("user_id", "=", userId)
    .where("pending", "=", true)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/** Throws where nothing of that id was published. */
export async function getPublicationId(db: Database, iri: string): Promise<number> {
  const row = db.selectFrom("publications").select("id").where("iri", "=", iri);
  return (await row.executeTakeFirstOrThrow()).id;
}

/**
 * Erases so many of the documents that a user has sent and that are about no Note of his: profiles, replies, follows,
 * likes, shares. What still waits to be sent of them is sent no more. Gives whether some may be left.
 */
export async function erasePublicationsOf(
  trx: Transaction,
  userId: number,
  { limit, reason }: { limit: number; reason: string },
): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    update publications set document = null
    where id in (
      select id from publications
      where user_id = ${userId} and note_index is null and document is not null limit ${limit})
    returning id`.execute(trx);
  // A fan-out that runs at this moment has its rows committed by now: it held a lock on the publication.
  await sql`
    update deliveries set state = 'refused', last_error = ${reason}
    where publication_id = any (${rows.map(({ id }) => id)}::bigint[]) and state = 'waiting'`.execute(trx);
  return rows.length === limit;
}

/**
 * Erases so many of a user's shares from the log, as a withdrawn claim is: their places stay, and of each document its
 * RFC 6962 leaf hash. Gives whether some may be left.
 */
export async function eraseSharesOf(trx: Transaction, userId: number, limit: number): Promise<boolean> {
  const { rows } = await sql`
    update activities
    set leaf_hash = sha256('\\x00'::bytea || convert_to(document, 'UTF8')), document = null
    where index in (
      select index from activities
      where user_id = ${userId} and type in ('Announce', 'Undo') and document is not null limit ${limit})
    returning index`.execute(trx);
  return rows.length === limit;
}

/** Adds to a publication's deliveries those whom the user follows, and those whose posts he has liked or answered. */
export async function insertAcquaintances(trx: Transaction, publicationId: number): Promise<void> {
  await sql`
    insert into deliveries (publication_id, user_id, inbox, host)
    select publications.id, publications.user_id, known.inbox, substring(known.inbox from '^https?://([^/?#]+)')
    from publications, lateral (
      select coalesce(shared_inbox, inbox) as inbox from remote_actors
      where gone is null and id in (
        select actor_id from following where following.user_id = publications.user_id
        union select recipient_id from reactions where reactions.user_id = publications.user_id
        union select author_id from shares where shares.user_id = publications.user_id)
    ) as known
    where publications.id = ${publicationId}
    on conflict (publication_id, inbox) do nothing`.execute(trx);
}

/** Deletes what a user has gathered, and notes that nothing is left of him. */
export async function eraseRelations(trx: Transaction, userId: number): Promise<void> {
  for (const table of ["followers", "following", "blocks", "pins", "reactions", "shares"] as const)
    await trx.deleteFrom(table).where("user_id", "=", userId).execute();
  await trx
    .updateTable("users")
    .set({ erased: sql<Date>`now()` })
    .where("id", "=", userId)
    .execute();
}
