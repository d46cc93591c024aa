import { getLogger } from "@logtape/logtape";
import { type DueHost, listDueHosts } from "../db/deliveries.ts";
import type { FederationContext } from "./context.ts";
import { drainHost } from "./deliver.ts";
import type { Jobs } from "./jobs.ts";

const logger = getLogger(["artdag", "federation", "deliver"]);

/**
 * How many hosts one process serves at once. Most of the time of a delivery is waiting, so that places cost little. Of
 * hosts that failed the last time it serves a few only, so that dead hosts, however many, don't keep the others waiting.
 */
const places = { all: 150, low: 30 };

/** Priorities of the jobs: hosts that failed the last time come after all others. */
const priorities = { inOrder: 0, troubled: -1 };

/** How often hosts are looked for that have something due, in milliseconds. */
const wakeInterval = 2000;

/** Has hosts served: one job each, where none is waiting already. */
export async function wakeHosts(jobs: Jobs, hosts: readonly DueHost[]): Promise<void> {
  await jobs.sendAll(
    "deliver",
    hosts.map(({ host, troubled }) => ({
      data: { host },
      key: host,
      priority: troubled ? priorities.troubled : priorities.inOrder,
    })),
  );
}

/**
 * Delivers from now on, until the signal. Besides the jobs that were sent, every host is found that has something due:
 * after a back-off, or when a server was down in between.
 */
export function startDelivering(context: FederationContext, signal: AbortSignal): void {
  const { db, jobs } = context;
  jobs.pool("deliver", places, ({ host }, lost) => drainHost(context, host, AbortSignal.any([signal, lost])));
  let timer = setTimeout(() => void wake(), wakeInterval);
  signal.addEventListener("abort", () => clearTimeout(timer));

  async function wake(): Promise<void> {
    const started = performance.now();
    try {
      for (let after: string | undefined = ""; after != null && !signal.aborted;) {
        const { hosts, last } = await listDueHosts(db, { after });
        await wakeHosts(jobs, hosts);
        after = last;
      }
    } catch (error) {
      logger.warn("Hosts could not be woken: {error}", { error });
    }
    if (signal.aborted) return;
    // Where so many wait that looking takes long, it takes a twentieth of the time at most.
    timer = setTimeout(() => void wake(), Math.max(wakeInterval, 20 * (performance.now() - started)));
  }
}
