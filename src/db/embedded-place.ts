import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { createHash } from "node:crypto";
import { access, chmod, lchown, mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { copyBinaries, findBinaries } from "./embedded-binaries.ts";

/** Where a cluster lies and as whom its programs run. */
export interface Place {
  readonly cluster: string;
  /** The directory whose `bin` holds the programs. */
  readonly binaries: string;
  /** The words before the program's own, for root in a user namespace. */
  readonly prefix: readonly string[];
  /** The unprivileged user that runs the programs and owns the cluster, where that is not ourselves. */
  readonly user?: User;
}

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** What {@link choosePlace} asks of the machine; tests hand over another one. */
export interface Machine {
  /** Whether `program` runs in a user namespace of ours and may write to `directory` there. */
  allowsUserNamespace(directory: string, program: string): Promise<boolean>;
  /** Holds cluster and programs when an unprivileged user reaches neither where they are. */
  readonly refuge: string;
}

// initdb looks its user up, and nobody is the one that every machine knows.
const NOBODY: User = { uid: 65534, gid: 65534 };
const IN_NAMESPACE = ["unshare", "--user", `--map-user=${NOBODY.uid}`, `--map-group=${NOBODY.gid}`];

export const thisMachine: Machine = {
  allowsUserNamespace: (directory, program) =>
    succeeds([...IN_NAMESPACE, "sh", "-c", 'test -w "$1" && exec "$2" --version', "sh", directory, program]),
  refuge: "/var/lib/artdag-l2",
};

/**
 * Decides where the cluster of a data directory lies and as whom PostgreSQL, which refuses root, runs on it.
 * An existing cluster stays where it is and keeps its owner. Throws when root's cluster is out of reach for
 * every user that could run it.
 *
 * @param directory the data directory; it exists, and no part of its path is a symbolic link
 */
export async function choosePlace(directory: string, machine: Machine): Promise<Place> {
  const binaries = await findBinaries();
  const own = join(directory, "postgres");
  if (process.getuid?.() !== 0) return { cluster: own, binaries, prefix: [] };

  const shelter = join(machine.refuge, createHash("sha256").update(directory).digest("hex").slice(0, 16));
  const sheltered = join(shelter, "postgres");
  const existing = (await isCluster(own)) ? own : (await isCluster(sheltered)) ? sheltered : undefined;
  const owner: User | undefined = existing == null ? undefined : await stat(existing);
  if (owner == null || owner.uid === 0) {
    const home = dirname(existing ?? own);
    if (await machine.allowsUserNamespace(home, join(binaries, "bin", "postgres"))) {
      return { cluster: existing ?? own, binaries, prefix: IN_NAMESPACE };
    }
  }

  const user = owner == null || owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid };
  const runs = await succeeds([join(binaries, "bin", "postgres"), "--version"], user);
  const reachable = runs ? binaries : await copyBinaries(binaries, await openDirectory(machine.refuge));
  if (await succeeds(["test", "-x", dirname(existing ?? own)], user)) {
    return { cluster: existing ?? own, binaries: reachable, prefix: [], user };
  }
  if (existing != null) {
    throw new Error(
      `PostgreSQL cannot run as root, and the user with id ${user.uid} cannot enter ${dirname(existing)}: ` +
        `make it and the directories above it executable for others, or set DATABASE_URL`,
    );
  }
  await openDirectory(machine.refuge);
  await openDirectory(shelter);
  return { cluster: sheltered, binaries: reachable, prefix: [], user };
}

/** Whether a directory holds a complete cluster. */
export async function isCluster(directory: string): Promise<boolean> {
  return access(join(directory, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

/** Gives a directory and all that is in it to the place's user, unless it has them. */
export async function handOver(directory: string, { user }: Place): Promise<void> {
  if (user == null || (await stat(directory)).uid === user.uid) return;
  for (const entry of await readdir(directory, { recursive: true })) {
    await lchown(join(directory, entry), user.uid, user.gid);
  }
  // The directory itself comes last: its owner tells whether all this is done.
  await lchown(directory, user.uid, user.gid);
}

/** Starts one of PostgreSQL's programs as the place demands, without this process' environment. */
export function run(
  place: Place,
  program: "initdb" | "postgres",
  args: readonly string[],
  options: { readonly stdio: StdioOptions; readonly detached: boolean },
): ChildProcess {
  return start([...place.prefix, join(place.binaries, "bin", program), ...args], place.user, options);
}

function start(
  command: readonly string[],
  user: User | undefined,
  options: { readonly stdio: StdioOptions; readonly detached?: boolean },
): ChildProcess {
  const [file = "", ...args] = command;
  // Another user may be unable to enter our working directory. LC_ALL keeps the log in English.
  const env = { PATH: process.env["PATH"] ?? "/usr/bin:/bin", LANG: "C", LC_ALL: "C" };
  return spawn(file, args, { cwd: "/", env, ...options, ...user });
}

function succeeds(command: readonly string[], user?: User): Promise<boolean> {
  return new Promise((resolve) => {
    const child = start(command, user, { stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
}

async function openDirectory(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  return directory;
}
