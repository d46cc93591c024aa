import { getLogger } from "@logtape/logtape";
import { type Kysely, sql } from "kysely";

const names = ["users", "assets", "activities", "followers", "user_renderers"];

/**
 * The Python server kept tables under the names that ours have. Where they stand, they are moved out of the way to
 * the schema `python_l2`, whole, and dropped never.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name = any(${names})
    order by table_name`.execute(db);
  if (rows.length === 0) return;
  await sql`create schema if not exists python_l2`.execute(db);
  for (const { name } of rows) await sql`alter table ${sql.id(name)} set schema python_l2`.execute(db);
  getLogger(["artdag", "db", "migrate"]).warn(
    "The Python server's tables {tables} are kept, unchanged, in the schema python_l2.",
    { tables: rows.map(({ name }) => name).join(", ") },
  );
}
