import type { Federation } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import type { FederationContext } from "./context.ts";
import { drainHost, listHostsToWake } from "./deliver.ts";
import { fanOut } from "./publish.ts";
import { verifyClaimOf } from "./verify-claim.ts";

const logger = getLogger(["artdag", "federation", "workers"]);

/** How often hosts are looked for whose back-off has passed, in milliseconds. */
const wakeInterval = 2000;

/** Starts doing the jobs of federation in this process. The result ends what is not ended with the queue itself. */
export async function startWorkers(
  context: FederationContext,
  federation: Federation<FederationContext>,
): Promise<() => void> {
  const { db, jobs } = context;
  const aborter = new AbortController();
  const listening = federation.startQueue(context, { signal: aborter.signal, queue: "inbox" });
  listening.catch((error: unknown) => logger.error("The inbox queue stopped: {error}", { error }));
  await jobs.work("publish", 2, ({ publication }) => fanOut(db, jobs, publication));
  await jobs.work("deliver", 20, ({ host }) => drainHost(context, host));
  await jobs.work("verify_claim", 4, ({ post }) => verifyClaimOf(context, post));
  const timer = setInterval(() => void wake(), wakeInterval);

  async function wake(): Promise<void> {
    try {
      for (const host of await listHostsToWake(context)) await jobs.send("deliver", { host }, { key: host });
    } catch (error) {
      logger.warn("Hosts could not be woken: {error}", { error });
    }
  }

  return () => {
    clearInterval(timer);
    aborter.abort();
  };
}
