import type { Config } from "./config.ts";
import { openDatabase } from "./db/connection.ts";
import { startEmbeddedPostgres } from "./db/embedded.ts";
import { migrate } from "./db/migrate.ts";
import type { Database } from "./db/schema.ts";
import { guardAdmin, guardInheritedKeys, guardOrigin } from "./guards.ts";

/** The database, ready to use. */
export interface Store {
  readonly db: Database;
  readonly databaseUrl: string;
}

/** Notes how a resource is closed, and gives it back. */
export type Opened = <T>(resource: T, close: () => Promise<void>) => T;

/** Remembers what is opened, and closes it: the last opened first. */
export function createCloser(): { opened: Opened; close: () => Promise<void> } {
  const closers: (() => Promise<void>)[] = [];
  return {
    opened(resource, close) {
      closers.push(close);
      return resource;
    },
    async close() {
      for (let closer = closers.pop(); closer != null; closer = closers.pop()) await closer();
    },
  };
}

/**
 * Opens the configured database, or the embedded one, with the newest schema. Throws `StartError`, and changes nothing,
 * where the database or the keys are another server's.
 */
export async function openStore(config: Config, opened: Opened): Promise<Store> {
  const databaseUrl = config.databaseUrl ?? (await openEmbedded(config, opened));
  const db = openDatabase(databaseUrl, { max: 10 });
  opened(db, () => db.destroy());
  await guardInheritedKeys(config, db);
  await migrate(databaseUrl);
  await guardOrigin(config, db);
  await guardAdmin(config, db);
  return { db, databaseUrl };
}

async function openEmbedded(config: Config, opened: Opened): Promise<string> {
  const embedded = await startEmbeddedPostgres(config.data);
  return opened(embedded, () => embedded.stop()).url;
}
