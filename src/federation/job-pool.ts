import { getLogger } from "@logtape/logtape";
import type { PgBoss } from "pg-boss";

const logger = getLogger(["artdag", "federation", "jobs"]);

/** How many jobs are done at once, and how many of them may have a priority below zero. */
export interface Places {
  readonly all: number;
  readonly low: number;
}

/** Does the jobs of one queue. */
export interface JobPool {
  /** Has the queue looked at now. */
  nudge(): void;
  /** Begins nothing more, tells what runs to end, and waits for it for so many milliseconds. */
  stop(grace: number): Promise<void>;
}

interface Claim {
  readonly id: string;
  readonly retryCount: number;
  readonly low: boolean;
  readonly lost: AbortController;
}

/** How often the queue is looked at when nobody nudges, and how often it is told that the jobs are being done, in ms. */
const intervals = { poll: 1000, touch: 4000 };

/**
 * Does the jobs of a queue, many at once: where jobs mostly wait for others, a worker of the queue's own for each would
 * ask it far too often. A job that throws fails, and is done again as its queue says. The signal that a handler gets
 * says that the job is no longer its own, since this process was thought dead, or that the pool stops.
 */
export function startPool<T extends object>(
  boss: PgBoss,
  name: string,
  places: Places,
  handler: (data: T, signal: AbortSignal) => Promise<void>,
): JobPool {
  const claims = new Map<Claim, Promise<void>>();
  const stopping = new AbortController();
  const { signal: stopped } = stopping;
  let nudged = false;
  let rouse: (() => void) | undefined;

  function nudge(): void {
    nudged = true;
    rouse?.();
  }

  async function rest(): Promise<void> {
    if (nudged || stopped.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, intervals.poll);
      rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function loop(): Promise<void> {
    while (!stopped.aborted) {
      nudged = false;
      try {
        await take(places.all - claims.size, false);
        const low = [...claims.keys()].filter((claim) => claim.low).length;
        await take(Math.min(places.low - low, places.all - claims.size), true);
      } catch (error) {
        logger.warn("Jobs could not be fetched from {name}: {error}", { name, error });
        nudged = false;
      }
      await rest();
    }
  }

  async function take(free: number, low: boolean): Promise<void> {
    if (free <= 0 || stopped.aborted) return;
    const range = low ? { maxPriority: -1 } : { minPriority: 0 };
    for (const { id, retryCount, data } of await boss.fetch<T>(name, { batchSize: free, ...range })) {
      const claim = { id, retryCount, low, lost: new AbortController() };
      if (stopped.aborted) claim.lost.abort();
      claims.set(claim, work(claim, data));
    }
  }

  async function work(claim: Claim, data: T): Promise<void> {
    const { id, retryCount } = claim;
    try {
      const error = await handler(data, claim.lost.signal).then(
        () => undefined,
        (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason))),
      );
      if (error == null) await boss.complete(name, { id, retryCount });
      else {
        logger.error("A job of {name} failed: {error}", { name, error });
        await boss.fail(name, { id, retryCount }, { message: error.message });
      }
    } catch (error) {
      // Its heartbeat ends with it, so that it will be done again.
      logger.warn("A job of {name} could not be settled: {error}", { name, error });
    } finally {
      claims.delete(claim);
      nudge();
    }
  }

  async function touch(): Promise<void> {
    const held = [...claims.keys()];
    if (held.length === 0) return;
    try {
      // The type does not tell it: these are the jobs that are still this process's own.
      const { settled } = (await boss.touch(name, held)) as { settled?: string[] };
      if (settled == null) return;
      for (const { id, lost } of held) if (!settled.includes(id)) lost.abort();
    } catch (error) {
      logger.warn("Jobs of {name} could not be held: {error}", { name, error });
    }
  }

  const heartbeat = setInterval(() => void touch(), intervals.touch);
  const looping = loop();
  return {
    nudge,
    async stop(grace) {
      stopping.abort();
      rouse?.();
      for (const { lost } of claims.keys()) lost.abort();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, grace)));
      await Promise.race([looping.then(() => Promise.all(claims.values())), late]);
      clearTimeout(timer);
      clearInterval(heartbeat);
    },
  };
}
