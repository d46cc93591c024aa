import { createHmac } from "node:crypto";
import type { Database, Transaction } from "./schema.ts";

/** Burns an address: it is never given again. Only its hash under the key is kept. */
export async function insertBurnt(trx: Transaction, key: Uint8Array, address: string): Promise<void> {
  await trx
    .insertInto("burnt")
    .values({ digest: digest(key, address) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Whether an address was burnt under the key. */
export async function isBurnt(db: Database, key: Uint8Array, address: string): Promise<boolean> {
  const row = await db
    .selectFrom("burnt")
    .select("created")
    .where("digest", "=", digest(key, address))
    .executeTakeFirst();
  return row != null;
}

/** The hash under which an address is kept once it is burnt. */
export function digest(key: Uint8Array, address: string): Buffer {
  return createHmac("sha256", key).update(address).digest();
}
