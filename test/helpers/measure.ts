import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Measured<T> {
  readonly result: T;
  /** The longest time for which the event loop was held, in milliseconds. */
  readonly longest: number;
  /** How much more memory the process had at its peak than before, in MiB. */
  readonly growth: number;
}

/** How often both are looked at, in milliseconds. */
const resolution = 5;

/**
 * Does something, and says for how long it held the event loop of this process at worst, and what it took of memory;
 * prints both. The test's own work counts too, so that what is measured is at least what the server did.
 */
export async function measure<T>(title: string, work: () => Promise<T>): Promise<Measured<T>> {
  const delays = monitorEventLoopDelay({ resolution });
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), resolution * 4);
  delays.enable();
  // Before the first tick nothing is counted.
  await new Promise((resolve) => setTimeout(resolve, resolution * 4));
  delays.reset();
  const result = await work();
  await new Promise((resolve) => setTimeout(resolve, resolution * 4));
  delays.disable();
  clearInterval(timer);
  const longest = Math.max(0, delays.max / 1e6 - resolution);
  const growth = (Math.max(peak, process.memoryUsage().rss) - before) / 2 ** 20;
  process.stdout.write(
    `${title}: event loop held ${longest.toFixed(1)} ms at most, memory +${growth.toFixed(1)} MiB\n`,
  );
  return { result, longest, growth };
}
