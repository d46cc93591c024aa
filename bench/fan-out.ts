/**
 * One post to 10,000 followers, on 1,000 hosts and on 10,000: how long the POST takes, before and while its deliveries
 * are made; how long the statement takes that makes the rows, beside the same rows inserted one by one; how the database
 * grows. Ratios count, times move with the machine. Run it with `npm run bench:fan-out`; with `-- --million` it is one
 * post to a million followers on 100,000 hosts instead.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createProbe } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { openDatabase } from "../src/db/connection.ts";
import { startEmbeddedPostgres } from "../src/db/embedded.ts";
import { insertDeliveries } from "../src/db/fan-out.ts";
import { timeFirstPages, watchFanOut } from "./million.ts";

const million = process.argv.includes("--million");
const followers = million ? 1_000_000 : 10_000;
const directory = await mkdtemp(path.join(tmpdir(), "artdag-bench-"));
const postgres = await startEmbeddedPostgres(directory);
const children = new Set<ChildProcess>();
let taken = 0;

/** Every address 127.x.y.z is this one server; each is a host of its own. */
const inboxes = createServer((request, response) => {
  request.resume().on("end", () => {
    taken++;
    response.writeHead(202).end();
  });
});

try {
  await new Promise<void>((resolve) => inboxes.listen(0, "0.0.0.0", resolve));
  for (const hosts of million ? [100_000] : [1000, 10_000]) await measure(hosts);
} finally {
  for (const child of children) await stop(child);
  inboxes.closeAllConnections();
  inboxes.close();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(hosts: number): Promise<void> {
  print(`\n${format(followers)} followers on ${format(hosts)} hosts`);
  const name = `bench_${hosts}`;
  await withClient(postgres.url, (client) => client.query(`create database ${name}`));
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  const port = await findFreePort();
  const env = {
    DATABASE_URL: url.href,
    ARTDAG_DATA: path.join(directory, name),
    ARTDAG_USER: "anna",
    ARTDAG_ORIGIN: `http://localhost:${port}`,
    L1_SERVERS: "",
    ARTDAG_LOG: "warning",
  };
  const web = await start({ ...env, PORT: String(port), ARTDAG_ROLE: "web" });
  const origin = `http://localhost:${port}`;
  const anna = await signIn(origin, "/auth/login", "anna", /password +(\S+)/.exec(web.output())?.[1] ?? "");
  const bert = await signIn(origin, "/auth/register", "bert", "correct horse battery");
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(
      `with actor as (
         insert into remote_actors (iri, username, host, inbox)
         select origin || '/users/' || n, 'fan', host, origin || '/users/' || n || '/inbox'
         from (select n, 'http://' || host as origin, host from (
           select n, '127.' || 1 + n % $1 / 65025 || '.' || n % $1 / 255 % 255 || '.' || 1 + n % $1 % 255 || ':' || $2::text as host
           from generate_series(0, $3 - 1) n) as numbered) as placed
         returning id, iri)
       insert into followers (user_id, actor_id, follow_iri)
       select users.id, actor.id, actor.iri || '#follow' from users, actor where username = 'anna'`,
      [hosts, (inboxes.address() as AddressInfo).port, followers],
    );
    await client.query("vacuum analyze");
    for (let warm = 0; warm < 5; warm++) await post(origin, bert);
    const alone = await times(10, () => post(origin, bert));
    print(`POST to nobody: ${summary(alone)}`);
    print(`POST to all of them: ${(await post(origin, anna)).toFixed(0)} ms`);
    if (million) {
      for (const line of await timeFirstPages(origin, "anna")) print(line);
      const { child } = await start({ ...env, ARTDAG_ROLE: "worker", PORT: "0" });
      for (const line of await watchFanOut(client, child.pid ?? 0)) print(line);
      print(`delivered meanwhile: ${format(taken)}`);
      await stop(child);
      return;
    }
    await compareInserts(client, url.href);
    await deliverAll(client, env, origin, bert);
  } finally {
    await client.end();
    await stop(web.child);
  }
}

/** The statement that fans out beside the same rows inserted one by one: time, and growth of the database. */
async function compareInserts(client: Client, databaseUrl: string): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    "select max(id)::int as id from publications where user_id = 1",
  );
  const id = rows[0]?.id ?? 0;
  const db = openDatabase(databaseUrl, { max: 1, statementTimeout: 60_000 });
  try {
    const set = await grow(client, () => insertDeliveries(db, id, { after: 0, last: undefined }));
    const made = await client.query(
      "delete from deliveries where publication_id = $1 returning publication_id, user_id, inbox, host",
      [id],
    );
    await client.query("vacuum full deliveries");
    const single = await grow(client, async () => {
      for (const row of made.rows) {
        await client.query(
          "insert into deliveries (publication_id, user_id, inbox, host) values ($1, $2, $3, $4)",
          [row.publication_id, row.user_id, row.inbox, row.host],
        );
      }
    });
    await client.query("delete from deliveries where publication_id = $1", [id]);
    await client.query("vacuum full deliveries");
    print(`one statement: ${set.time.toFixed(0)} ms, ${megabytes(set.bytes)}`);
    print(`row by row: ${single.time.toFixed(0)} ms, ${megabytes(single.bytes)}`);
    print(`ratio: ${(single.time / set.time).toFixed(1)} times faster`);
  } finally {
    await db.destroy();
  }
}

/** Lets a worker deliver, while others go on posting. */
async function deliverAll(
  client: Client,
  env: Record<string, string>,
  origin: string,
  token: string,
): Promise<void> {
  const before = await size(client);
  taken = 0;
  const started = performance.now();
  const { child } = await start({ ...env, ARTDAG_ROLE: "worker", PORT: "0" });
  const busy: number[] = [];
  let most = before;
  for (;;) {
    if (taken >= followers) break;
    busy.push(await post(origin, token));
    most = Math.max(most, await size(client));
    await sleep(200);
  }
  const seconds = (performance.now() - started) / 1000;
  await stop(child);
  const { rows } = await client.query<{ count: number }>(
    "select count(*)::int as count from deliveries where state = 'delivered'",
  );
  print(`delivered: ${format(rows[0]?.count ?? 0)} in ${seconds.toFixed(1)} s with the worker's start`);
  print(`POST meanwhile: ${summary(busy)}`);
  print(`growth while delivering: ${megabytes(most - before)} at most`);
}

async function post(origin: string, token: string): Promise<number> {
  const content_hash = [...crypto.getRandomValues(new Uint8Array(32))].map((byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  const body = {
    name: content_hash.join("").slice(0, 20),
    content_hash: content_hash.join(""),
    asset_type: "image",
  };
  const started = performance.now();
  const answer = await fetch(`${origin}/assets`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`POST /assets answered ${answer.status}: ${text}`);
  return performance.now() - started;
}

async function signIn(origin: string, address: string, username: string, password: string): Promise<string> {
  const answer = await fetch(origin + address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function start(env: Record<string, string>): Promise<{ child: ChildProcess; output: () => string }> {
  const child = spawn(process.execPath, ["dist/src/main.js"], {
    cwd: path.join(import.meta.dirname, ".."),
    env: { ...process.env, HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.add(child);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  while (!/ ready[: ]/.test(text)) {
    if (child.exitCode != null) throw new Error(text);
    await sleep(20);
  }
  return { child, output: () => text };
}

async function stop(child: ChildProcess): Promise<void> {
  if (!children.delete(child)) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function findFreePort(): Promise<number> {
  const probe = createProbe();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return await work(client).finally(() => client.end());
}

async function size(client: Client): Promise<number> {
  const { rows } = await client.query<{ size: string }>(
    "select pg_database_size(current_database()) as size",
  );
  return Number(rows[0]?.size ?? 0);
}

async function grow(client: Client, work: () => Promise<unknown>): Promise<{ time: number; bytes: number }> {
  const before = await size(client);
  const started = performance.now();
  await work();
  return { time: performance.now() - started, bytes: (await size(client)) - before };
}

async function times(count: number, work: () => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for (let done = 0; done < count; done++) results.push(await work());
  return results;
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0);
  return `${at(0.5)} ms in the middle, ${at(1)} ms at most (${values.length} times)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function format(value: number): string {
  return value.toLocaleString("en");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
