/**
 * One post to a million followers on 100,000 hosts: how long making the rows takes while a worker delivers, the longest
 * statement, the worker's memory, and how long the first pages of the followers take.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

const rounds = 20;

interface Progress {
  readonly made: number;
  readonly pending: boolean;
  readonly longest: { readonly ms: number; readonly query: string }[];
}

/** Times the first pages of a user's followers, for programs and for people. */
export async function timeFirstPages(origin: string, username: string): Promise<string[]> {
  const address = `${origin}/users/${username}`;
  const pages: [string, string][] = [
    [`${address}/followers`, "application/activity+json"],
    [`${address}/followers?cursor=${Number.MAX_SAFE_INTEGER}`, "application/activity+json"],
    [`${address}/followers`, "text/html"],
    [address, "application/activity+json"],
    [address, "text/html"],
  ];
  const lines: string[] = [];
  for (const [url, accept] of pages) {
    const times: number[] = [];
    let status = 0;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const answer = await fetch(url, { headers: { Accept: accept } });
      await answer.text();
      ({ status } = answer);
      times.push(performance.now() - started);
    }
    const sorted = times.toSorted((a, b) => a - b);
    const middle = sorted[Math.floor(rounds / 2)] ?? 0;
    lines.push(
      `${url.slice(origin.length)} as ${accept}: ${status}, ${middle.toFixed(0)} ms in the middle, ${(sorted.at(-1) ?? 0).toFixed(0)} ms at most`,
    );
  }
  return lines;
}

/** Watches a fan-out until it is complete; gives what was seen. */
export async function watchFanOut(client: Client, pid: number): Promise<string[]> {
  const started = performance.now();
  const longest = new Map<string, number>();
  const memory = [0, 0, 0, 0];
  let made = 0;
  let pending = true;
  while (pending) {
    const progress = await look(client);
    ({ made, pending } = progress);
    for (const { ms, query } of progress.longest) longest.set(query, Math.max(ms, longest.get(query) ?? 0));
    const quarter = Math.min(3, Math.floor(made / 250_000));
    memory[quarter] = Math.max(memory[quarter] ?? 0, readMemory(pid));
    await sleep(20);
  }
  const seconds = (performance.now() - started) / 1000;
  return [
    `rows made: ${made.toLocaleString("en")} in ${seconds.toFixed(1)} s`,
    `memory of the worker, by quarters of the rows: ${memory.map((most) => most.toFixed(0)).join(", ")} MB at most`,
    ...[...longest]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, 4)
      .map(([query, ms]) => `longest: ${ms.toFixed(0)} ms, ${query}`),
  ];
}

async function look(client: Client): Promise<Progress> {
  const { rows } = await client.query<Progress>(
    `select (select coalesce(max(id), 0)::int from deliveries) as made,
       exists (select from publications where pending) as pending,
       (select coalesce(json_agg(json_build_object(
          'ms', extract(epoch from clock_timestamp() - query_start) * 1000,
          'query', left(regexp_replace(query, '\\s+', ' ', 'g'), 70))), '[]')
        from pg_stat_activity
        where datname = current_database() and state = 'active' and application_name like 'artdag%') as longest`,
  );
  const [row] = rows;
  if (row == null) throw new Error("a row is always there");
  return row;
}

/** What a process holds, in MB; Linux tells it. */
function readMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}
