import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, type QueryResultRow } from "pg";
import { afterEach, expect, it } from "vitest";
import { copyBinaries, findBinaries } from "./embedded-binaries.ts";
import { thisMachine } from "./embedded-place.ts";
import { findPostmaster, stopPostmaster } from "./embedded-postmaster.ts";
import { startEmbeddedPostgres, startOn } from "./embedded.ts";

const options = { settings: { fsync: "off" } };
const root = process.getuid?.() === 0;

const directories: string[] = [];
const clients: Client[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  for (const child of children.splice(0)) await killed(child);
  for (const directory of directories.splice(0)) {
    // Some tests have their cluster one level deeper.
    for (const name of [".", ...(await readdir(directory))]) {
      const cluster = join(directory, name, "postgres");
      const running = await findPostmaster(cluster);
      if (running != null) await stopPostmaster(cluster, running.pid);
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
});

it("initialises a cluster at the first start and finds its rows again at the second", async () => {
  const directory = await temporary();
  const first = await startEmbeddedPostgres(directory, options);
  await insert(first.url, "kept");
  await first.stop();
  expect(await findPostmaster(join(directory, "postgres"))).toBeUndefined();

  const second = await startEmbeddedPostgres(directory, options);
  expect(await list(second.url)).toEqual(["kept"]);
  expect((await stat(join(directory, "postgres"))).mode & 0o777).toBe(0o700);
  expect((await readdir(directory)).toSorted()).toEqual(["postgres", "postgres.log", "postgres.password"]);
  await second.stop();
  await second.stop();
});

it("is a UTF-8 database in UTC with letters beyond ASCII", async () => {
  const { url } = await startEmbeddedPostgres(await temporary(), options);
  const [row] = await query(
    url,
    `select current_setting('server_encoding') encoding, current_setting('timezone') zone,
            current_setting('log_timezone') log_zone, current_setting('fsync') fsync, upper('žluť') upper`,
  );
  expect(row).toEqual({ encoding: "UTF8", zone: "UTC", log_zone: "UTC", fsync: "off", upper: "ŽLUŤ" });
});

it("keeps its password from others and lets nobody in without it", async () => {
  const directory = await temporary();
  const { url } = await startEmbeddedPostgres(directory, options);
  const path = join(directory, "postgres.password");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, "utf8")).toMatch(/^[0-9a-f]{64}$/);
  expect(await readFile(join(directory, "postgres.log"), "utf8")).not.toContain(new URL(url).password);

  const guess = new URL(url);
  guess.password = "guess";
  await expect(connect(guess.href)).rejects.toMatchObject({ code: "28P01" });
});

it.runIf(process.platform === "linux")("hands the server none of our environment", async () => {
  const directory = await temporary();
  process.env["ARTDAG_TEST_SECRET"] = "secret";
  await startEmbeddedPostgres(directory, options);
  delete process.env["ARTDAG_TEST_SECRET"];
  const running = await findPostmaster(join(directory, "postgres"));
  const environment = (await readFile(`/proc/${running?.pid}/environ`, "utf8")).split("\0").filter(Boolean);
  const names = environment.map((entry) => entry.split("=")[0]);
  expect(names.filter((name) => !name?.startsWith("PG")).toSorted()).toEqual(["LANG", "LC_ALL", "PATH"]);
});

it("listens on the loopback interface only", async () => {
  const { url } = await startEmbeddedPostgres(await temporary(), options);
  const [row] = await query(
    url,
    "select current_setting('listen_addresses') tcp, current_setting('unix_socket_directories') local",
  );
  expect(row).toEqual({ tcp: "127.0.0.1", local: "" });
  const outside = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  for (const { address } of outside.filter(({ internal, family }) => !internal && family === "IPv4")) {
    await expect(dial(address, Number(new URL(url).port))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  }
});

it("adopts the server that a killed process has left behind, with its rows", async () => {
  const directory = await temporary();
  const { child, url } = await startElsewhere(directory);
  await insert(url, "written before the kill");
  const before = await findPostmaster(join(directory, "postgres"));
  await killed(child);

  const adopted = await startEmbeddedPostgres(directory, options);
  expect(adopted.url).toBe(url);
  expect(await findPostmaster(join(directory, "postgres"))).toEqual(before);
  expect(await list(adopted.url)).toEqual(["written before the kill"]);
  await adopted.stop();
  expect(await findPostmaster(join(directory, "postgres"))).toBeUndefined();
});

it("recovers committed rows after a kill of the postmaster whose children are still busy", async () => {
  const directory = await temporary();
  const first = await startEmbeddedPostgres(directory, options);
  await insert(first.url, "committed");
  const busy = await connect(first.url);
  const work = busy
    .query("do $$ begin for i in 1..60000000 loop null; end loop; end $$")
    .catch(() => undefined);
  await sleep(100);
  await killPostmaster(directory);

  const second = await startEmbeddedPostgres(directory, options);
  expect(await list(second.url)).toEqual(["committed"]);
  await work;
  await first.stop();
  expect(await findPostmaster(join(directory, "postgres"))).toBeDefined();
  await second.stop();
  expect(await findPostmaster(join(directory, "postgres"))).toBeUndefined();
});

it("does not take another program with the number of a dead postmaster for it", async () => {
  const directory = await temporary();
  const first = await startEmbeddedPostgres(directory, options);
  await insert(first.url, "kept");
  await killPostmaster(directory);
  const stranger = spawn("sleep", ["60"], { stdio: "ignore" });
  children.push(stranger);
  const lock = join(directory, "postgres", "postmaster.pid");
  await writeFile(lock, (await readFile(lock, "utf8")).replace(/^\d+/, String(stranger.pid)));

  const second = await startEmbeddedPostgres(directory, options);
  expect(await list(second.url)).toEqual(["kept"]);
  expect(stranger.exitCode).toBeNull();
  await first.stop();
  await second.stop();
});

it("is not disturbed by an initdb that was killed half-way", async () => {
  const directory = await temporary();
  const child = elsewhere(directory);
  const half = async () => (await readdir(directory)).filter((name) => name.startsWith("postgres.initdb-"));
  while ((await half()).length === 0) await sleep(5);
  await sleep(100);
  await killed(child);
  expect(await half()).toHaveLength(1);
  expect(await readdir(directory)).not.toContain("postgres");

  const first = await startEmbeddedPostgres(directory, options);
  await insert(first.url, "whole");
  await first.stop();
  const second = await startEmbeddedPostgres(directory, options);
  expect(await list(second.url)).toEqual(["whole"]);
  expect(await half()).toEqual([]);
  await second.stop();
});

it("gives two processes that start at once the same server, and the last one stops it", async () => {
  const directory = await temporary();
  const [one, two] = await Promise.all([startElsewhere(directory), startElsewhere(directory)]);
  expect(one.url).toBe(two.url);
  await insert(one.url, "shared");
  await stopElsewhere(one.child);
  expect(await list(two.url)).toEqual(["shared"]);
  await stopElsewhere(two.child);
  expect(await findPostmaster(join(directory, "postgres"))).toBeUndefined();
});

it("starts anew when another process stops at the same moment", async () => {
  const directory = await temporary();
  let held = await startEmbeddedPostgres(directory, options);
  await insert(held.url, "kept");
  for (let round = 0; round < 5; round++) {
    const [next] = await Promise.all([
      startEmbeddedPostgres(directory, options),
      sleep(round * 4).then(held.stop),
    ]);
    expect(await list(next.url)).toEqual(["kept"]);
    held = next;
  }
  await held.stop();
});

it("goes on running at a stop while another client is connected", async () => {
  const directory = await temporary();
  const first = await startEmbeddedPostgres(directory, options);
  const other = await connect(first.url);
  await first.stop();
  expect((await other.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await other.end();

  const second = await startEmbeddedPostgres(directory, options);
  expect(second.url).toBe(first.url);
  await second.stop();
  expect(await findPostmaster(join(directory, "postgres"))).toBeUndefined();
});

it("says at once, with the end of the log, why the server does not start", async () => {
  const bad = { settings: { fsync: "off", shared_buffers: "plenty" } };
  await expect(startEmbeddedPostgres(await temporary(), bad)).rejects.toThrow(
    /does not start.*postgres\.log:\n.*FATAL.*"shared_buffers": "plenty"/s,
  );
});

it("does not make up a new password for an existing cluster", async () => {
  const directory = await temporary();
  await (await startEmbeddedPostgres(directory, options)).stop();
  const path = join(directory, "postgres.password");
  await rm(path);
  await expect(startEmbeddedPostgres(directory, options)).rejects.toThrow(/password in .* is missing/);
  await writeFile(path, "wrong");
  await expect(startEmbeddedPostgres(directory, options)).rejects.toThrow(/refuses the password/);
});

it.runIf(root)("runs for root in a directory that only root can enter", async () => {
  const directory = join(await temporary(), "l2");
  const { url, stop } = await startEmbeddedPostgres(directory, options);
  await insert(url, "root's");
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect(await list(url)).toEqual(["root's"]);
  await stop();
});

it.runIf(root)("runs as an unprivileged user where user namespaces are forbidden", async () => {
  const directory = await temporary();
  await chmod(directory, 0o755);
  const machine = { allowsUserNamespace: async () => false, refuge: await temporary() };
  const { url, stop } = await startOn(machine, directory, options);
  await insert(url, "nobody's");
  const cluster = join(directory, "postgres");
  expect(await stat(cluster)).toMatchObject({ uid: 65534, gid: 65534 });
  expect(await list(url)).toEqual(["nobody's"]);
  await stop();

  // The cluster keeps its owner when namespaces come back.
  const again = await startEmbeddedPostgres(directory, options);
  expect(await list(again.url)).toEqual(["nobody's"]);
  expect(await stat(cluster)).toMatchObject({ uid: 65534 });
  await again.stop();
});

it.runIf(root)("takes refuge where the unprivileged user cannot enter the data directory", async () => {
  const directory = await temporary();
  const refuge = await temporary();
  const machine = { allowsUserNamespace: async () => false, refuge };
  const { url, stop } = await startOn(machine, directory, options);
  await insert(url, "sheltered");
  expect((await readdir(directory)).toSorted()).toEqual(["postgres.log", "postgres.password"]);
  await stop();

  const again = await startOn({ ...thisMachine, refuge }, directory, options);
  expect(await list(again.url)).toEqual(["sheltered"]);
  expect(await readdir(directory)).not.toContain("postgres");
  await again.stop();
});

it.runIf(root)("hands root's cluster to the unprivileged user when namespaces become forbidden", async () => {
  const directory = await temporary();
  const machine = { allowsUserNamespace: async () => false, refuge: await temporary() };
  const first = await startEmbeddedPostgres(directory, options);
  await insert(first.url, "root's");
  await first.stop();
  await expect(startOn(machine, directory, options)).rejects.toThrow(/cannot enter .* set DATABASE_URL/s);

  await chmod(directory, 0o711);
  const second = await startOn(machine, directory, options);
  expect(await list(second.url)).toEqual(["root's"]);
  await second.stop();
});

it.runIf(root)("copies the programs so that every user can run them", async () => {
  const into = await temporary();
  await chmod(into, 0o755);
  const binaries = await findBinaries();
  const copy = await copyBinaries(binaries, into);
  expect(await copyBinaries(binaries, into)).toBe(copy);
  expect(await readdir(into)).toHaveLength(1);
  const nobody = { uid: 65534, gid: 65534, cwd: "/" };
  const { stdout } = await promisify(execFile)(join(copy, "bin", "postgres"), ["--version"], nobody);
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) 18/);
});

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "artdag-embedded-"));
  directories.push(directory);
  return directory;
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

async function query(url: string, sql: string, values: unknown[] = []): Promise<QueryResultRow[]> {
  const client = await connect(url);
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

async function insert(url: string, name: string): Promise<void> {
  await query(url, "create table if not exists note (name text not null)");
  await query(url, "insert into note values ($1)", [name]);
}

async function list(url: string): Promise<unknown[]> {
  return (await query(url, "select name from note")).map((row) => row["name"]);
}

function dial(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, timeout: 3_000 });
    socket.once("error", reject);
    socket.once("connect", () => resolve(void socket.destroy()));
  });
}

/** Another process that starts the same cluster, prints its URL, and stops when its input ends. */
function elsewhere(directory: string): ChildProcess {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL("embedded.ts", import.meta.url).href)});
    const { url, stop } = await startEmbeddedPostgres(${JSON.stringify(directory)}, ${JSON.stringify(options)});
    process.stdout.write(url + "\\n");
    for await (const chunk of process.stdin) void chunk;
    await stop();`;
  const evaluate = "deno" in process.versions ? ["eval"] : ["--input-type=module", "-e"];
  const child = spawn(process.execPath, [...evaluate, code], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

async function startElsewhere(directory: string): Promise<{ child: ChildProcess; url: string }> {
  const child = elsewhere(directory);
  if (child.stdout == null) throw new Error("The child has no output");
  for await (const url of createInterface(child.stdout)) return { child, url };
  throw new Error("The child has ended without a word");
}

async function stopElsewhere(child: ChildProcess): Promise<void> {
  const exit = once(child, "exit");
  child.stdin?.end();
  expect(await exit).toEqual([0, null]);
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode != null || child.signalCode != null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

async function killPostmaster(directory: string): Promise<void> {
  const cluster = join(directory, "postgres");
  const running = await findPostmaster(cluster);
  if (running == null) throw new Error("No postmaster runs");
  process.kill(running.pid, "SIGKILL");
  while ((await findPostmaster(cluster)) != null) await sleep(10);
}
