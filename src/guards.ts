import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { loadBurnSecret } from "./accounts/burn-secret.ts";
import { instanceKeyName } from "./accounts/key-files.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/schema.ts";
import { findSetting, isNewDatabase, pinSetting } from "./db/settings.ts";
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

/**
 * Gives the key under which withdrawn names are hashed, and pins its digest at the first start. Refuses another one, and
 * makes none in the place of one that was lost: names that were withdrawn would be free again.
 */
export async function guardBurnSecret(config: Config, db: Database): Promise<Uint8Array> {
  const name = "burn_secret_digest";
  const file = path.join(config.data, "burn_secret");
  const pinned = await findSetting(db, name);
  if (pinned == null || existsSync(file)) {
    const key = await loadBurnSecret(config.data);
    const digest = createHash("sha256").update(key).digest("hex");
    if ((await pinSetting(db, name, digest)) === digest) return key;
  }
  throw new StartError(`${file} is not the one that this database was used with${existsSync(file) ? "" : ": there is none"}.
Names and addresses of withdrawn works are kept as hashes under it, so that nobody can take them again. Restore the file
from the backup of ${config.data}; every server on the same database needs the same one.

If it is lost for good, withdrawn names will be free again. To start nevertheless, have the database forget it:

  delete from settings where key = '${name}';`);
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
