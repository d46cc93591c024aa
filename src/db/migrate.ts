import { promises as fs } from "node:fs";
import path from "node:path";
import { sql } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import { openDatabase } from "./connection.ts";
import type { Database } from "./schema.ts";

const folder = path.join(import.meta.dirname, "../../migrations");

/** Any number, always the same: the lock under which one process at a time migrates. */
const lock = 7_310_942_001;

/** Brings the database at `url` to the newest schema. Any number of processes may do so at once. Throws on failure. */
export async function migrate(url: string): Promise<void> {
  const db = openDatabase(url, { max: 1, statementTimeout: 0 });
  try {
    await db.connection().execute(async (connection) => {
      await sql`select pg_advisory_lock(${lock})`.execute(connection);
      const { error } = await migrator(connection).migrateToLatest();
      if (error != null) throw error;
    });
  } finally {
    await db.destroy();
  }
}

/** Whether every migration has been applied. */
export async function isMigrated(db: Database): Promise<boolean> {
  const migrations = await migrator(db).getMigrations();
  return migrations.every(({ executedAt }) => executedAt != null);
}

function migrator(db: Database): Migrator {
  return new Migrator({
    db,
    provider: new FileMigrationProvider({
      fs,
      path,
      migrationFolder: folder,
      import: (file) => import(file),
    }),
  });
}
