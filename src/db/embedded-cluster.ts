import { randomBytes } from "node:crypto";
import { link, mkdtemp, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { handOver, isCluster, run, type Place } from "./embedded-place.ts";
import { alive } from "./embedded-postmaster.ts";
import { fileSize, logTail } from "./embedded-log.ts";

/** The name of the superuser and of the database. */
export const NAME = "artdag";

/**
 * Reads the superuser's password, or makes one for a cluster that does not exist yet. Safe to run in several
 * processes at once: all get the same. Throws when the password of an existing cluster is lost.
 */
export async function ensurePassword(directory: string, place: Place): Promise<string> {
  const path = join(directory, "postgres.password");
  // In this order: whoever makes a cluster has made the password before.
  const exists = await isCluster(place.cluster);
  const known = await readFile(path, "utf8").catch(absent);
  if (known != null) return known.trim();
  if (exists)
    throw new Error(`The database in ${place.cluster} exists, but its password in ${path} is missing`);

  // A file that has its name only when it is complete: nobody reads an empty password.
  const draft = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await writeNew(draft, randomBytes(32).toString("hex"));
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(path, "utf8")).trim();
}

/**
 * Makes the cluster if there is none. It appears under its name only when it is complete, so neither a killed
 * initdb nor a second process does harm; what killed ones left behind is removed.
 *
 * @param sync whether to flush the new files to the disk
 * @returns whether this call has made it
 */
export async function ensureCluster(
  place: Place,
  password: string,
  log: string,
  sync: boolean,
): Promise<boolean> {
  const parent = dirname(place.cluster);
  await removeLeftovers(parent);
  if (await isCluster(place.cluster)) return false;

  const temporary = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  try {
    // The user that runs initdb cannot read our own file of the password.
    await writeNew(join(temporary, "password"), password);
    await handOver(temporary, place);
    const made = join(temporary, "cluster");
    await initdb(place, made, join(temporary, "password"), log, sync);
    return await moveIntoPlace(made, place.cluster);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The error's code, as Node and PostgreSQL give it. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

const PREFIX = "postgres.initdb-";

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const maker = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : undefined;
    if (maker == null || alive(maker)) continue;
    // An initdb that has survived its parent may still be writing there; then a later start removes it.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function initdb(
  place: Place,
  cluster: string,
  pwfile: string,
  log: string,
  sync: boolean,
): Promise<void> {
  const args = ["--pgdata", cluster, "--username", NAME, "--pwfile", pwfile, "--auth=scram-sha-256"];
  // The server's own locale: the machine's may be missing, and an update of it would break indexes.
  args.push("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
  if (!sync) args.push("--no-sync");
  const offset = await fileSize(log);
  const output = await open(log, "a", 0o600);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = run(place, "initdb", args, { stdio: ["ignore", output.fd, output.fd], detached: false });
      child.once("error", reject);
      child.once("exit", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`initdb ended with ${signal ?? code}`));
      });
    });
  } catch (error) {
    const tail = await logTail(log, offset);
    throw new Error(`The database could not be initialised. From ${log}:\n${tail}`, { cause: error });
  } finally {
    await output.close();
  }
}

async function moveIntoPlace(made: string, cluster: string): Promise<boolean> {
  try {
    await rename(made, cluster);
  } catch (error) {
    // A directory with something in it is not replaced: another process was faster, or it is not ours.
    if (await isCluster(cluster)) return false;
    throw new Error(`${cluster} is in the way of a new database`, { cause: error });
  }
  const parent = await open(dirname(cluster), "r");
  await parent.sync().finally(() => parent.close());
  return true;
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

function absent(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}
