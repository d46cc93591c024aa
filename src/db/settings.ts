import { sql } from "kysely";
import type { Database } from "./schema.ts";

/** Stores a setting that is made once for all, and gives the one that counts: the first. */
export async function pinSetting(db: Database, key: string, value: string): Promise<string> {
  await db
    .insertInto("settings")
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .selectFrom("settings")
    .select("value")
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return row.value;
}

/** A setting that was stored, if there is one. */
export async function findSetting(db: Database, key: string): Promise<string | undefined> {
  const row = await db.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirst();
  return row?.value;
}

/** Whether no server of ours has ever been started on the database. */
export async function isNewDatabase(db: Database): Promise<boolean> {
  const { rows } = await sql<{
    exists: boolean;
  }>`select to_regclass('settings') is not null as exists`.execute(db);
  if (rows[0]?.exists !== true) return true;
  const pinned = await db.selectFrom("settings").select("key").where("key", "=", "origin").executeTakeFirst();
  return pinned == null;
}

/** Whether the database answers. */
export async function ping(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
