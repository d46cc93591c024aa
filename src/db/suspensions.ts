import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

/** Suspends a user, or lifts that. Gives whether anything changed. */
export async function setSuspended(trx: Transaction, userId: number, suspended: boolean): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("users")
    .set({ suspended: suspended ? sql`now()` : null })
    .where("id", "=", userId)
    .where("suspended", suspended ? "is" : "is not", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Revokes every token that a user has. */
export async function revokeTokensOf(trx: Transaction, userId: number): Promise<void> {
  await trx
    .updateTable("tokens")
    .set({ revoked: sql`now()` })
    .where("user_id", "=", userId)
    .where("revoked", "is", null)
    .execute();
}

export interface Account {
  readonly id: number;
  readonly username: string;
  readonly admin: boolean;
  readonly created: Date;
  readonly suspended: Date | null;
}

/** Everybody who has an account and has not deleted it, in the order of registration, after the user with the id `after`. */
export function listAccounts(db: Database, page: { after: number; limit: number }): Promise<Account[]> {
  return db
    .selectFrom("users")
    .select(["id", "username", "admin", "created", "suspended"])
    .where("id", ">", page.after)
    .where("deleted", "is", null)
    .orderBy("id")
    .limit(page.limit)
    .execute();
}
