import { mkdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getLogger } from "@logtape/logtape";
import { codeOf, ensureCluster, ensurePassword, NAME } from "./embedded-cluster.ts";
import { takeLease, type Lease } from "./embedded-lease.ts";
import { fileSize, logTail } from "./embedded-log.ts";
import { choosePlace, thisMachine, type Machine, type Place } from "./embedded-place.ts";
import { findPostmaster, launchPostmaster, stopPostmaster, type Launch } from "./embedded-postmaster.ts";

const logger = getLogger(["artdag", "db", "embedded"]);

/** The built-in PostgreSQL, in use by this process. */
export interface EmbeddedPostgres {
  /** `postgres://artdag:password@127.0.0.1:port/artdag` */
  readonly url: string;
  /**
   * Shuts the server down and waits until it is gone, unless others are connected to it: then it goes on running.
   * Close your own connections before. May be called again. Throws when the server does not stop.
   */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Further settings of the server, such as `{ fsync: "off" }`. They have no effect on one that runs already. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts the PostgreSQL that comes with npm on the cluster `{directory}/postgres`, which the first start makes.
 * A server that already runs on it, started by another process or left behind by a killed one, is used as it is.
 * The server's log is `{directory}/postgres.log`, the password is in `{directory}/postgres.password`.
 *
 * The server listens on the loopback interface only and survives this process unless it is stopped. As root it
 * runs in a user namespace, or where that is forbidden as an unprivileged user; what that user cannot reach
 * lies in `/var/lib/artdag-l2`.
 *
 * Throws when this platform has no binaries, when the password does not match, and, with the end of the log, when
 * the server refuses to start or takes no connection within a minute.
 */
export function startEmbeddedPostgres(
  directory: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  return startOn(thisMachine, directory, options);
}

/** {@link startEmbeddedPostgres} with another machine's answers, for tests. */
export async function startOn(
  machine: Machine,
  directory: string,
  options: EmbeddedOptions = {},
): Promise<EmbeddedPostgres> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const data = await realpath(directory);
  const log = join(data, "postgres.log");
  const settings = options.settings ?? {};
  const place = await choosePlace(data, machine);
  const password = await ensurePassword(data, place);
  if (await ensureCluster(place, password, log, settings["fsync"] !== "off")) {
    logger.info("Made the embedded database in {cluster}", { cluster: place.cluster });
  }

  const { port, lease } = await connect(place, password, settings, log);
  const url = `postgres://${NAME}:${password}@127.0.0.1:${port}/${NAME}`;
  let stopped: Promise<void> | undefined;
  return { url, stop: () => (stopped ??= stop(place.cluster, password, lease)) };
}

interface Connected {
  readonly port: number;
  readonly lease: Lease;
}

const PATIENCE = 60_000;
// Another process has won the start or has stopped what we started, another program has taken the port, or the
// children of a killed postmaster have not ended yet.
const PASSING =
  /lock file "[^"]*" (already exists|is empty)|fast shutdown request|: Address already in use|memory block .* still in use/;
const INVALID_PASSWORD = "28P01";

async function connect(
  place: Place,
  password: string,
  settings: Readonly<Record<string, string>>,
  log: string,
): Promise<Connected> {
  const { cluster } = place;
  const offset = await fileSize(log);
  let launch: Launch | undefined;
  let cause: unknown;
  for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(50)) {
    const running = await findPostmaster(cluster);
    if (running?.ready === true) {
      try {
        const lease = await takeLease(running.port, password, onLost);
        const values = { cluster, pid: running.pid, port: running.port, started: launch != null };
        logger.info("Connected to the embedded database {pid} on port {port}", values);
        return { port: running.port, lease };
      } catch (error) {
        // It may be about to end, or to recover from a crash.
        if (codeOf(error) === INVALID_PASSWORD) throw refused(cluster, error);
        cause = error;
      }
    } else if (running == null) {
      const failure = await launch?.failure();
      if (failure != null && !PASSING.test(failure)) throw failed("does not start", log, failure, cause);
      if (failure != null) await sleep(250);
      if (launch == null || failure != null) launch = await launchPostmaster(place, settings, log);
    }
  }
  throw failed("takes no connections", log, await logTail(log, offset), cause);
}

async function stop(cluster: string, password: string, held: Lease): Promise<void> {
  let lease: Lease | undefined = held;
  try {
    const running = await findPostmaster(cluster);
    if (running == null) return;
    if (!held.held) lease = await takeLease(running.port, password, () => undefined).catch(() => undefined);
    if (await lease?.claim()) {
      await stopPostmaster(cluster, running.pid);
      logger.info("Stopped the embedded database {pid}", { pid: running.pid });
    } else {
      logger.info("The embedded database {pid} is in use and goes on running", { pid: running.pid });
    }
  } finally {
    await lease?.end();
  }
}

function onLost(error: Error): void {
  logger.error("The embedded database has ended its connection: {error}", { error });
}

function refused(cluster: string, cause: unknown): Error {
  return new Error(`The database in ${cluster} refuses the password in postgres.password`, { cause });
}

function failed(what: string, log: string, tail: string, cause: unknown): Error {
  return new Error(`The embedded database ${what}. From ${log}:\n${tail}`, { cause });
}
