import { readdir } from "node:fs/promises";
import path from "node:path";
import { instanceKeyName } from "./accounts/key-files.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/schema.ts";
import { isNewDatabase, pinSetting } from "./db/settings.ts";
import { findUser } from "./db/users.ts";

/** Why the server will not start as it is configured. The message says what to set. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/**
 * Refuses a new database beside the keys of another server when nobody has said under which domain they are known:
 * their actors would come back under another name. Asked before anything is written.
 */
export async function guardInheritedKeys(config: Config, db: Database): Promise<void> {
  if (config.originConfigured || !(await isNewDatabase(db))) return;
  const users = await listKeyNames(path.join(config.data, "keys"));
  if (users.length === 0) return;
  const first = users.includes(config.admin) ? config.admin : users[0];
  throw new StartError(`${config.data}/keys holds the keys of ${users.join(", ")}, but the database is new.

If this server takes the place of the Python server, set what that one was started with:

  export ARTDAG_DOMAIN=artdag.rose-ash.com
  export ARTDAG_USER=${first}
  export DATABASE_URL=postgresql://artdag:artdag@localhost:5432/artdag

ARTDAG_DOMAIN is the host in the addresses of its actors. DATABASE_URL may be left out: its old tables are kept but
not needed. If these keys are not for this server, let it have another directory: export ARTDAG_DATA=~/.artdag/new`);
}

/** Pins the origin at the first start, and refuses another one later: every id and signature contains it. */
export async function guardOrigin(config: Config, db: Database): Promise<void> {
  const pinned = await pinSetting(db, "origin", config.origin);
  if (pinned === config.origin) return;
  throw new StartError(`This database belongs to ${pinned}, but the server is configured as ${config.origin}.
Every address and signature in it contains the origin, so it can't be changed. Set it back:

  export ARTDAG_ORIGIN=${pinned}

or let the new server have a database (DATABASE_URL) and a directory (ARTDAG_DATA) of its own.`);
}

/** Refuses an administrator who has deleted his account: the server would have none, and the name is never given again. */
export async function guardAdmin({ admin }: Config, db: Database): Promise<void> {
  if ((await findUser(db, admin))?.deleted == null) return;
  throw new StartError(`The account ${admin} was deleted, and its name is never given again.
Let somebody else administer the server: set ARTDAG_USER to another name.`);
}

async function listKeyNames(directory: string): Promise<string[]> {
  const files = await readdir(directory).catch(() => []);
  const names = files.flatMap((file) => /^([^.]+)\.pem$/.exec(file)?.[1] ?? []);
  return names.filter((name) => name !== instanceKeyName).toSorted();
}
