import type { Database, Transaction } from "./schema.ts";

/** A Note that may be shared. */
export interface Shareable {
  readonly iri: string;
  /** Its author, where he is a remote one. */
  readonly author: { readonly id: number; readonly iri: string } | null;
  /** The asset that it shows, where it is one of this server. */
  readonly assetId: number | null;
}

export interface Share {
  readonly activityIndex: number;
  readonly author: Shareable["author"];
}

/** The public remote post of that id, or at that address, as far as it is known here. */
export async function findShareablePost(db: Database, url: string): Promise<Shareable | undefined> {
  const row = await db
    .selectFrom("remote_posts")
    .innerJoin("remote_actors", "remote_actors.id", "remote_posts.actor_id")
    .select(["remote_posts.iri", "remote_actors.id as authorId", "remote_actors.iri as authorIri"])
    .where((eb) => eb.or([eb("remote_posts.iri", "=", url), eb("remote_posts.url", "=", url)]))
    .where("remote_posts.public", "=", true)
    // Somebody else's post may name the address of this one as its own.
    .orderBy((eb) => eb("remote_posts.iri", "=", url), "desc")
    .limit(1)
    .executeTakeFirst();
  if (row == null) return undefined;
  return { iri: row.iri, author: { id: row.authorId, iri: row.authorIri }, assetId: null };
}

export async function insertShare(
  trx: Transaction,
  share: { userId: number; note: Shareable; activityIndex: number },
): Promise<void> {
  await trx
    .insertInto("shares")
    .values({
      user_id: share.userId,
      object_iri: share.note.iri,
      activity_index: share.activityIndex,
      author_id: share.note.author?.id ?? null,
      asset_id: share.note.assetId,
    })
    .execute();
}

/** What a user shares of a Note now; `undefined` where he does not. */
export async function findShare(db: Database, userId: number, object: string): Promise<Share | undefined> {
  const row = await db
    .selectFrom("shares")
    .leftJoin("remote_actors", "remote_actors.id", "shares.author_id")
    .select(["shares.activity_index as activityIndex", "remote_actors.id", "remote_actors.iri"])
    .where("shares.user_id", "=", userId)
    .where("shares.object_iri", "=", object)
    .executeTakeFirst();
  if (row == null) return undefined;
  const { activityIndex, id, iri } = row;
  return { activityIndex, author: id == null || iri == null ? null : { id, iri } };
}

export async function deleteShare(trx: Transaction, userId: number, object: string): Promise<void> {
  await trx.deleteFrom("shares").where("user_id", "=", userId).where("object_iri", "=", object).execute();
}
