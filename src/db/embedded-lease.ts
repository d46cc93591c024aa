import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { NAME } from "./embedded-cluster.ts";

/**
 * A connection that is held as long as the cluster is in use here. It carries a shared lock, so that of several
 * processes on one cluster only the last one stops it, however few connections the others have open.
 */
export interface Lease {
  /** Whether the connection still stands. */
  readonly held: boolean;
  /** Turns the shared lock into the exclusive one; false when any other connection to the cluster exists. */
  claim(): Promise<boolean>;
  end(): Promise<void>;
}

const LOCK = 0x61727464;
const SHARED = "select pg_advisory_lock_shared($1)";
const OTHERS = `select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`;

/**
 * Connects, makes the database if it is missing, and takes the shared lock. The connection does not keep this
 * process alive.
 *
 * @param onLost called once when the server ends the connection
 */
export async function takeLease(
  port: number,
  password: string,
  onLost: (error: Error) => void,
): Promise<Lease> {
  const socket = new Socket();
  // The maintenance database: a connection to the other one would keep it from serving as a template.
  const target = { host: "127.0.0.1", port, user: NAME, password, database: "postgres", ssl: false };
  const limits = { connectionTimeoutMillis: 5_000, lock_timeout: 15_000 };
  const client = new Client({
    ...target,
    ...limits,
    application_name: "artdag lease",
    stream: () => socket,
  });
  let held = true;
  let ending = false;
  client.on("error", (error) => {
    if (held && !ending) onLost(error);
    held = false;
  });
  try {
    await client.connect();
    // Waits while another process that has claimed the cluster shuts it down.
    await client.query(SHARED, [LOCK]);
    await ensureDatabase(client);
  } catch (error) {
    ending = true;
    socket.destroy();
    throw error;
  }
  socket.unref();

  return {
    get held() {
      return held;
    },
    async claim() {
      socket.ref();
      ending = true;
      await client.query("select pg_advisory_unlock_shared($1)", [LOCK]);
      const { rows } = await client.query<{ alone: boolean }>("select pg_try_advisory_lock($1) as alone", [
        LOCK,
      ]);
      if (rows[0]?.alone !== true) return false;
      // Connections that were closed a moment ago take a little to disappear.
      for (let attempt = 0; attempt < 10; attempt++, await sleep(100)) {
        if ((await client.query(OTHERS)).rowCount === 0) return true;
      }
      return false;
    },
    async end() {
      ending = true;
      socket.ref();
      if (held) await client.end();
      socket.destroy();
    },
  };
}

async function ensureDatabase(client: Client): Promise<void> {
  const exists = async () =>
    (await client.query("select 1 from pg_database where datname = $1", [NAME])).rowCount;
  if (await exists()) return;
  try {
    await client.query(`create database ${NAME}`);
  } catch (error) {
    // Another process may have been faster.
    if (!(await exists())) throw error;
  }
}
