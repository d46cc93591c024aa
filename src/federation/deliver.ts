import { getLogger } from "@logtape/logtape";
import {
  type DueDelivery,
  holdHost,
  listDueDeliveries,
  listDueHosts,
  markDelivered,
  markFailed,
  releaseHost,
} from "../db/deliveries.ts";
import { deleteFollowersAt } from "../db/followers.ts";
import type { FederationContext } from "./context.ts";
import { judgeError, judgeResponse, maxAttempts, type Outcome, retryDelay } from "./delivery-outcome.ts";
import { signAsUser } from "./sign.ts";

const logger = getLogger(["artdag", "federation", "deliver"]);

/** Requests at once to one host. */
const perHost = 2;

type Context = Pick<FederationContext, "db" | "paths" | "keys" | "door">;

/**
 * Sends a host what is due for it until nothing is left, or until nothing gets through. To each inbox goes what a
 * sender published in the order in which it was published.
 */
export async function drainHost(context: Context, host: string): Promise<void> {
  for (;;) {
    const due = await listDueDeliveries(context.db, host, 50);
    if (due.length === 0) return;
    const outcomes = await inPairs(due, (delivery) => deliver(context, delivery), isHopeless);
    if (!isHopeless(outcomes) && outcomes.some(({ type }) => type !== "host_failed")) continue;
    await putOff(context, host, due, outcomes);
    return;
  }
}

/** Whether a host is better left alone: its first answers, one of each pair, were all failures of the host. */
function isHopeless(outcomes: readonly Outcome[]): boolean {
  return outcomes.length >= perHost && outcomes.every(({ type }) => type === "host_failed");
}

async function putOff(
  { db }: Context,
  host: string,
  due: readonly DueDelivery[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const failures = outcomes.filter((outcome) => outcome.type === "host_failed");
  const retryAfter = Math.max(0, ...failures.map((failure) => failure.retryAfter ?? 0));
  // One inbox that answers may be alone in its trouble, so the others of its host wait for a minute only.
  const inboxes = new Set(due.map(({ inbox }) => inbox));
  const alone = inboxes.size === 1 && failures.every(({ answered }) => answered);
  await holdHost(db, host, (times) =>
    Math.max(retryAfter, retryDelay(alone ? 1 : Math.min(times, maxAttempts))),
  );
  logger.info("Deliveries to {host} are put off: {error}", { host, error: failures[0]?.error });
}

/** The hosts that have something due: after a back-off, or when the server was down in between. */
export async function listHostsToWake(context: Pick<FederationContext, "db">): Promise<string[]> {
  return await listDueHosts(context.db, 1000);
}

async function deliver(context: Context, delivery: DueDelivery): Promise<Outcome> {
  const outcome = await send(context, delivery);
  const { db } = context;
  const attempts = delivery.attempts + 1;
  if (outcome.type === "delivered") {
    await markDelivered(db, delivery.id);
    await releaseHost(db, new URL(delivery.inbox).host);
    return outcome;
  }
  logger.debug("Delivery {id} to {inbox} failed: {error}", {
    id: delivery.id,
    inbox: delivery.inbox,
    error: outcome.error,
  });
  if (outcome.type === "gone") {
    await markFailed(db, delivery.id, { error: outcome.error, state: "refused" });
    await deleteFollowersAt(db, delivery.userId, delivery.inbox);
  } else if (attempts >= maxAttempts) {
    await markFailed(db, delivery.id, { error: outcome.error, state: "given_up" });
  } else {
    const retryAfter = outcome.type === "host_failed" ? (outcome.retryAfter ?? 0) : 0;
    const retryIn = Math.max(retryAfter, retryDelay(attempts));
    await markFailed(db, delivery.id, { error: outcome.error, retryIn });
  }
  return outcome;
}

async function send(context: Context, delivery: DueDelivery): Promise<Outcome> {
  try {
    const response = await context.door.fetch(delivery.inbox, {
      method: "POST",
      headers: { "Content-Type": "application/activity+json" },
      body: new TextEncoder().encode(delivery.document),
      redirect: "manual",
      maxBytes: 64 * 1024,
      sign: (request) => signAsUser(context.keys, context.paths, delivery.username, request),
    });
    return judgeResponse(response, new Date());
  } catch (error) {
    return judgeError(error);
  }
}

/**
 * Works through the items, two at once, until none is left or the results so far say to stop. Gives the results in
 * order of completion. When one fails, nothing new is begun, and what was begun is waited for.
 */
async function inPairs<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  stop: (results: readonly R[]) => boolean,
): Promise<R[]> {
  const results: R[] = [];
  const errors: unknown[] = [];
  const waiting = items.values();
  const lines = Array.from({ length: perHost }, async () => {
    for (const item of waiting) {
      if (errors.length > 0 || stop(results)) return;
      await work(item).then(
        (result) => results.push(result),
        (error: unknown) => errors.push(error),
      );
    }
  });
  await Promise.all(lines);
  if (errors.length > 0) throw errors[0];
  return results;
}
