import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

export interface NewReaction {
  readonly userId: number;
  readonly kind: "like" | "reply";
  /** The Note that is meant. */
  readonly object: string;
  /** Whose post it is, where it is one of this server. */
  readonly assetId: number | null;
  /** The remote author. */
  readonly recipientId: number | null;
  readonly iri: string;
  readonly content?: string;
  /** The Note of a reply as its exact bytes. */
  readonly document?: string;
}

/** Stores what a user makes of a Note. Gives `false` for a second like of the same Note. */
export async function insertReaction(trx: Transaction, reaction: NewReaction): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("reactions")
    .values({
      user_id: reaction.userId,
      kind: reaction.kind,
      object_iri: reaction.object,
      asset_id: reaction.assetId,
      recipient_id: reaction.recipientId,
      iri: reaction.iri,
      content: reaction.content ?? null,
      document: reaction.document ?? null,
      undone: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export interface Like {
  readonly iri: string;
  readonly recipientId: number | null;
  /** The remote author's IRI. */
  readonly recipient: string | null;
}

/** A user's like of a Note, where it is not undone. */
export async function findLike(db: Database, userId: number, object: string): Promise<Like | undefined> {
  return await db
    .selectFrom("reactions")
    .leftJoin("remote_actors", "remote_actors.id", "reactions.recipient_id")
    .select(["reactions.iri", "reactions.recipient_id as recipientId", "remote_actors.iri as recipient"])
    .where("user_id", "=", userId)
    .where("object_iri", "=", object)
    .where("kind", "=", "like")
    .where("undone", "is", null)
    .executeTakeFirst();
}

/** Marks a like as undone. Gives `false` where it was already. */
export async function markUndone(trx: Transaction, iri: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("reactions")
    .set({ undone: sql`now()` })
    .where("iri", "=", iri)
    .where("undone", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface StoredReply {
  readonly document: string;
  readonly object: string;
}

/** The Note of a reply, by its IRI. */
export async function findReply(db: Database, iri: string): Promise<StoredReply | undefined> {
  return await db
    .selectFrom("reactions")
    .select(["document", "object_iri as object"])
    .where("iri", "=", iri)
    .where("kind", "=", "reply")
    .where("document", "is not", null)
    .$narrowType<{ document: string }>()
    .executeTakeFirst();
}
