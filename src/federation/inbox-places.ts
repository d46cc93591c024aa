import { putBounded } from "../net/bounded.ts";

/** How many activities of one domain are handled at once, and of one that has been slow. */
const most = { usual: 6, slow: 2 };
/** All there are, in one process: some are always left for others. */
export const places = 8;
/** What takes longer is slow, in milliseconds; it is remembered for a while. */
const slowness = 2000;
const memory = 600_000;
/** How long a domain that has its places is waited for, in milliseconds. */
const patience = 100;

/**
 * Shares out the places of workers by domain: handling an activity may mean asking its sender's server, and one that
 * answers slowly must not keep all workers waiting. The function it returns does the work and says whether it did: not
 * where the domain had all its places for longer than a moment.
 */
export function createInboxPlaces(): (domain: string, work: () => Promise<void>) => Promise<boolean> {
  const running = new Map<string, number>();
  const slow = new Map<string, number>();
  const waiting = new Set<() => void>();

  function isFull(domain: string): boolean {
    const wasSlow = (slow.get(domain) ?? 0) > Date.now();
    return (running.get(domain) ?? 0) >= (wasSlow ? most.slow : most.usual);
  }

  /** Takes a place in the same breath in which it is seen to be free, or somebody else would take it too. */
  async function waitForPlace(domain: string): Promise<boolean> {
    const end = Date.now() + patience;
    while (isFull(domain)) {
      const left = end - Date.now();
      if (left <= 0) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, left);
      waiting.add(resolve);
      await promise;
      clearTimeout(timer);
      waiting.delete(resolve);
    }
    running.set(domain, (running.get(domain) ?? 0) + 1);
    return true;
  }

  return async (domain, work) => {
    if (!(await waitForPlace(domain))) return false;
    const began = performance.now();
    try {
      await work();
    } finally {
      const left = (running.get(domain) ?? 1) - 1;
      if (left === 0) running.delete(domain);
      else running.set(domain, left);
      if (performance.now() - began > slowness) putBounded(slow, domain, Date.now() + memory, 1000);
      for (const resolve of waiting) resolve();
    }
    return true;
  };
}
