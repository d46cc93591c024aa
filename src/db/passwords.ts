import type { Transaction } from "./schema.ts";

/** The hash of a user's password, `null` where he has none; others who want to change how he signs in wait. */
export async function lockPassword(trx: Transaction, userId: number): Promise<string | null> {
  const { password_hash } = await trx
    .selectFrom("users")
    .select("password_hash")
    .where("id", "=", userId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return password_hash;
}

export async function setPassword(trx: Transaction, userId: number, hash: string): Promise<void> {
  await trx.updateTable("users").set({ password_hash: hash }).where("id", "=", userId).execute();
}
