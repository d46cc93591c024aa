/** What benchmarks of a running server share: a PostgreSQL of their own, server processes, and how results are told. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { startEmbeddedPostgres } from "../src/db/embedded.ts";

export interface Bench {
  /** Makes an empty database, and gives its URL. */
  createDatabase(name: string): Promise<string>;
  /** Starts the built server, and gives what it has printed once it is ready. */
  start(databaseUrl: string, env: Record<string, string>): Promise<{ address: string; output: string }>;
}

/** Runs a benchmark; whatever it started is stopped and removed in the end. */
export async function runBench(work: (bench: Bench) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), "artdag-bench-"));
  const postgres = await startEmbeddedPostgres(directory);
  const children: ChildProcess[] = [];
  try {
    await work({
      async createDatabase(name) {
        await withClient(postgres.url, (client) => client.query(`create database ${name}`));
        const url = new URL(postgres.url);
        url.pathname = `/${name}`;
        return url.href;
      },
      async start(databaseUrl, env) {
        const port = await findFreePort();
        const child = spawn(process.execPath, ["dist/src/main.js"], {
          cwd: path.join(import.meta.dirname, ".."),
          env: {
            ...process.env,
            DATABASE_URL: databaseUrl,
            ARTDAG_DATA: path.join(directory, new URL(databaseUrl).pathname.slice(1)),
            ARTDAG_USER: "anna",
            ARTDAG_ORIGIN: "http://localhost:8200",
            ARTDAG_ROLE: "web",
            ARTDAG_LOG: "warning",
            L1_SERVERS: "",
            HOST: "127.0.0.1",
            PORT: String(port),
            ...env,
          },
          stdio: ["ignore", "pipe", "pipe"],
        });
        children.push(child);
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
        while (!/ ready[: ]/.test(output)) {
          if (child.exitCode != null) throw new Error(output);
          await sleep(20);
        }
        return { address: `http://127.0.0.1:${port}`, output };
      },
    });
  } finally {
    for (const child of children) await stop(child);
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Registers a user, and gives a token. */
export async function registerUser(address: string, username: string): Promise<string> {
  const answer = await fetch(`${address}/auth/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: "correct horse battery" }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** How many milliseconds something takes. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The value in the middle of many. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return await work(client).finally(() => client.end());
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode != null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address != null ? address.port : 0;
}
