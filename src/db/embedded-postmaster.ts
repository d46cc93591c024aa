import { execFile } from "node:child_process";
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { fileSize, logTail } from "./embedded-log.ts";
import { handOver, run, type Place } from "./embedded-place.ts";

/** The running main process of a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Whether it says of itself that it takes connections. */
  readonly ready: boolean;
}

/** An attempt to start one. */
export interface Launch {
  /** Undefined while it runs; once it has ended, what it wrote last. */
  failure(): Promise<string | undefined>;
}

/** Finds the cluster's postmaster, whoever started it; undefined when none runs. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const lines = await readLock(lockOf(cluster));
  const pid = Number(lines[0]);
  if (!(await worksIn(pid, cluster))) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready" };
}

/**
 * Starts a postmaster that survives this process, on a free port of the loopback interface. Two on one cluster
 * are impossible: PostgreSQL refuses the second.
 */
export async function launchPostmaster(
  place: Place,
  settings: Readonly<Record<string, string>>,
  log: string,
): Promise<Launch> {
  await handOver(place.cluster, place);
  await removeForeignLock(place.cluster);
  const fixed = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    timezone: "UTC",
    log_timezone: "UTC",
  };
  const options = Object.entries({ ...settings, ...fixed }).flatMap(([key, value]) => [
    "-c",
    `${key}=${value}`,
  ]);
  const args = ["-D", place.cluster, "-p", String(await freePort()), ...options];

  const offset = await fileSize(log);
  // A file, not a pipe: the server that reads a pipe may be killed.
  const output = await open(log, "a", 0o600);
  let ended = false;
  try {
    const child = run(place, "postgres", args, { stdio: ["ignore", output.fd, output.fd], detached: true });
    child.once("error", () => (ended = true));
    child.once("exit", () => (ended = true));
    child.unref();
  } finally {
    await output.close();
  }
  return { failure: async () => (ended ? logTail(log, offset) : undefined) };
}

/**
 * Shuts a postmaster down and waits until it is gone: first in order, and after ten seconds at once, which the
 * next start makes good by recovery.
 */
export async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (await worksIn(pid, cluster)) process.kill(pid, signal);
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(30)) {
      if (!(await worksIn(pid, cluster))) return;
    }
  }
  throw new Error(`The embedded database, process ${pid}, does not stop`);
}

/** Whether a process of ours has this number; for root, whether any has. */
export function alive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A postmaster's working directory is its cluster; a lock left behind may carry another program's number. */
async function worksIn(pid: number, cluster: string): Promise<boolean> {
  if (!alive(pid)) return false;
  try {
    const [actual, wanted] = await Promise.all([stat(await workingDirectory(pid)), stat(cluster)]);
    return actual.dev === wanted.dev && actual.ino === wanted.ino;
  } catch (error) {
    // In a container root may be forbidden to look at another user's process; its name and state are public.
    const hidden = error instanceof Error && "code" in error && error.code === "EACCES";
    if (!hidden || process.getuid?.() !== 0) return false;
    return /^\d+ \(postgres\) [^XZ]/.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""));
  }
}

async function workingDirectory(pid: number): Promise<string> {
  if (process.platform === "linux") return `/proc/${pid}/cwd`;
  const { stdout } = await promisify(execFile)("lsof", ["-a", "-p", String(pid), "-d", "cwd", "-Fn"]);
  return /^n(.*)$/m.exec(stdout)?.[1] ?? "";
}

/** PostgreSQL takes a lock for valid when any process of our user has its number. */
async function removeForeignLock(cluster: string): Promise<void> {
  const lock = lockOf(cluster);
  if (!alive(Number((await readLock(lock))[0])) || (await findPostmaster(cluster)) != null) return;
  const aside = `${lock}.${process.pid}`;
  await rename(lock, aside).catch(() => undefined);
  // Between the look and the rename another process may have started a postmaster: give it its lock back.
  const pid = Number((await readLock(aside))[0]);
  if (await worksIn(pid, cluster)) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

function lockOf(cluster: string): string {
  return join(cluster, "postmaster.pid");
}

async function readLock(path: string): Promise<string[]> {
  return (await readFile(path, "utf8").catch(() => "")).split("\n");
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (address != null && typeof address === "object") resolve(address.port);
        else reject(new Error("No free port"));
      });
    });
  });
}
