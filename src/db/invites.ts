import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

export async function insertInvite(db: Database, invite: { codeHash: string; expires: Date }): Promise<void> {
  await db
    .insertInto("invites")
    .values({ code_hash: invite.codeHash, expires: invite.expires, used: null })
    .execute();
}

/** Whether an invitation is still good. */
export async function isInviteGood(db: Database, codeHash: string): Promise<boolean> {
  return (await selectGood(db, codeHash).executeTakeFirst()) != null;
}

/** Whether an invitation is still good. Until the transaction ends nobody else can use it. */
export async function lockInvite(trx: Transaction, codeHash: string): Promise<boolean> {
  return (await selectGood(trx, codeHash).forUpdate().executeTakeFirst()) != null;
}

function selectGood(db: Database, codeHash: string) {
  return db
    .selectFrom("invites")
    .select("code_hash")
    .where("code_hash", "=", codeHash)
    .where("used", "is", null)
    .where("expires", ">", sql<Date>`now()`);
}

export async function markInviteUsed(trx: Transaction, codeHash: string): Promise<void> {
  await trx
    .updateTable("invites")
    .set({ used: sql`now()` })
    .where("code_hash", "=", codeHash)
    .execute();
}
