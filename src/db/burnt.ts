import { createHmac } from "node:crypto";
import { sql } from "kysely";
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

/** Which of the addresses were burnt under the key. */
export async function listBurnt(
  db: Database,
  key: Uint8Array,
  addresses: readonly string[],
): Promise<Set<string>> {
  const byDigest = new Map(addresses.map((address) => [digest(key, address).toString("hex"), address]));
  const { rows } = await sql<{ digest: string }>`
    select encode(digest, 'hex') as digest from burnt
    where digest in (select decode(hex, 'hex') from unnest(${[...byDigest.keys()]}::text[]) as hex)`.execute(
    db,
  );
  return new Set(rows.flatMap((row) => byDigest.get(row.digest) ?? []));
}

/** The hash under which an address is kept once it is burnt. */
export function digest(key: Uint8Array, address: string): Buffer {
  return createHmac("sha256", key).update(address).digest();
}
