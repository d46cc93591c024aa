import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { eventually } from "../../test/helpers/server.ts";
import { type JobPool, startPool } from "./job-pool.ts";
import { type Jobs, openJobs } from "./jobs.ts";

let jobs: Jobs;
let pool: JobPool | undefined;
let queue = "";
let count = 0;

beforeAll(async () => {
  jobs = await openJobs(await createTestDatabase());
});
beforeEach(async () => {
  queue = `queue_${++count}`;
  await jobs.boss.createQueue(queue, {
    policy: "stately",
    heartbeatSeconds: 10,
    retryLimit: 2,
    retryDelay: 0,
  });
});
afterAll(async () => {
  await pool?.stop(1000);
  await jobs.stop();
});

/** A handler that says what runs, and goes on until it is told to end. */
function holdUp() {
  const running = new Set<string>();
  const aborted: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  async function handler({ name }: { name: string }, signal: AbortSignal): Promise<void> {
    running.add(name);
    signal.addEventListener("abort", () => aborted.push(name));
    await promise;
    running.delete(name);
  }
  return { running, aborted, end: resolve, handler };
}

function send(names: readonly string[], priority = 0): Promise<unknown> {
  return jobs.boss.insert(
    queue,
    names.map((name) => ({ data: { name }, singletonKey: name, priority })),
  );
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 1500));

describe("a pool", () => {
  test("does as many jobs at once as it has places, and of low priority only as many as it has places for them", async () => {
    const { running, end, handler } = holdUp();
    await send(["low 1", "low 2", "low 3"], -1);
    pool = startPool(jobs.boss, queue, { all: 5, low: 2 }, handler);
    await settle();
    expect([...running].filter((name) => name.startsWith("low"))).toHaveLength(2);
    await send(["a", "b", "c", "d"]);
    await settle();
    expect(running.size).toBe(5);
    expect([...running].filter((name) => name.startsWith("low"))).toHaveLength(2);
    end();
    await eventually("all are done", async () =>
      (await jobs.boss.findJobs(queue)).every(({ state }) => state === "completed") ? true : undefined,
    );
    await pool.stop(1000);
  });

  test("does one job of a key at a time, with another pool beside it", async () => {
    const { running, end, handler } = holdUp();
    let calls = 0;
    const counted = (data: { name: string }, signal: AbortSignal) => {
      calls++;
      return handler(data, signal);
    };
    pool = startPool(jobs.boss, queue, { all: 5, low: 5 }, counted);
    const other = startPool(jobs.boss, queue, { all: 5, low: 5 }, counted);
    await send(["a"]);
    await eventually("it runs", async () => (running.size === 1 ? true : undefined));
    await send(["a"]);
    await send(["a"]);
    await settle();
    expect(calls).toBe(1);
    end();
    await eventually("the one that waited runs", async () => (calls === 2 ? true : undefined));
    await settle();
    expect(calls).toBe(2);
    await Promise.all([pool.stop(1000), other.stop(1000)]);
  });

  test("does a job again that threw, and goes on with the others", async () => {
    const done: string[] = [];
    let failures = 0;
    const handler = async ({ name }: { name: string }) => {
      if (name === "a" && failures++ === 0) throw new Error("not this time");
      done.push(name);
    };
    pool = startPool(jobs.boss, queue, { all: 1, low: 1 }, handler);
    await send(["a", "b"]);
    await eventually("both are done", async () => (done.length === 2 ? true : undefined));
    expect(done.toSorted()).toEqual(["a", "b"]);
    expect(failures).toBe(2);
    await pool.stop(1000);
  });

  test("tells a handler whose job was given to somebody else", async () => {
    const { running, aborted, end, handler } = holdUp();
    pool = startPool(jobs.boss, queue, { all: 1, low: 1 }, handler);
    await send(["a"]);
    await eventually("it runs", async () => (running.size === 1 ? true : undefined));
    const [job] = await jobs.boss.findJobs(queue);
    await jobs.boss.cancel(queue, job?.id ?? "");
    await eventually("the handler is told", async () => (aborted.length === 1 ? true : undefined));
    expect(aborted).toEqual(["a"]);
    end();
    await pool.stop(1000);
  });

  test("stops when its jobs have ended, having told them to, and begins nothing more", async () => {
    const { running, aborted, end, handler } = holdUp();
    pool = startPool(jobs.boss, queue, { all: 1, low: 1 }, handler);
    await send(["a", "b"]);
    await eventually("one runs", async () => (running.size === 1 ? true : undefined));
    const stopping = pool.stop(10_000);
    await eventually("it is told", async () => (aborted.length === 1 ? true : undefined));
    end();
    await stopping;
    const states = (await jobs.boss.findJobs(queue)).map(({ state }) => state);
    expect(states.toSorted()).toEqual(["completed", "created"]);
  });
});
