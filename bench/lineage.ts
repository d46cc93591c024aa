/**
 * The lineage of works in graphs of ten thousand: how long the one bounded query takes, and how many rows of the graph it
 * reads, beside a query that walks all of it in the same run. Ratios count, times move with the machine. Run it with
 * `npm run bench:lineage`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { openDatabase } from "../src/db/connection.ts";
import { startEmbeddedPostgres } from "../src/db/embedded.ts";
import { walkLineage } from "../src/db/lineage-walk.ts";
import { migrate } from "../src/db/migrate.ts";
import type { Database } from "../src/db/schema.ts";
import { countEdgesRead, graphs, insertGraph, numbered } from "../test/helpers/lineage-graph.ts";

const limits = { depth: 10, limit: 200, back: true, forth: true };
const directory = await mkdtemp(path.join(tmpdir(), "artdag-bench-"));
const postgres = await startEmbeddedPostgres(directory);

try {
  for (const [name, edges] of Object.entries(graphs)) await measure(name, edges);
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(name: string, edges: (typeof graphs)["deep"]): Promise<void> {
  const server = openDatabase(postgres.url, { max: 1 });
  await sql`create database ${sql.ref(`bench_${name}`)}`.execute(server);
  await server.destroy();
  const url = new URL(postgres.url);
  url.pathname = `/bench_${name}`;
  await migrate(url.href);
  const db = openDatabase(url.href, { max: 1, statementTimeout: 120_000 });
  try {
    await insertGraph(db, edges);
    const bounded = await time(db, (trx) => walkLineage(trx, numbered(0), limits));
    const unbounded = await time(db, walkAll);
    print(`\n${name}`);
    print(`bounded: ${bounded.time.toFixed(1)} ms, ${format(bounded.read)} rows read`);
    print(`unbounded: ${unbounded.time.toFixed(1)} ms, ${format(unbounded.read)} rows read`);
    print(`ratio: ${(unbounded.time / bounded.time).toFixed(1)} times faster`);
  } finally {
    await db.destroy();
  }
}

/** All that can be reached in either direction, as plain recursion finds it. */
async function walkAll(trx: Database): Promise<unknown> {
  return await sql`
    with recursive back (hash) as (
      select ${numbered(0)}::text
      union select e.input from back join lineage_edges e on e.output = back.hash
    ), forth (hash) as (
      select ${numbered(0)}::text
      union select e.output from forth join lineage_edges e on e.input = forth.hash
    )
    select e.output, e.input, e.role, e.name from lineage_edges e
    where e.output in (select hash from back) or e.input in (select hash from forth)`.execute(trx);
}

/** The time in the middle of eleven, and the rows of the graph that one of them reads. */
async function time(
  db: Database,
  work: (trx: Database) => Promise<unknown>,
): Promise<{ time: number; read: number }> {
  const times: number[] = [];
  const { read } = await countEdgesRead(db, work);
  for (let done = 0; done < 11; done++) {
    const started = performance.now();
    await work(db);
    times.push(performance.now() - started);
  }
  return { time: times.toSorted((a, b) => a - b)[5] ?? 0, read };
}

function format(value: number): string {
  return value.toLocaleString("en");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
