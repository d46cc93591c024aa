import { getLogger } from "@logtape/logtape";
import { refuseBlockedDeliveries } from "../db/blocked-deliveries.ts";
import {
  type DueDelivery,
  giveUpOld,
  listDueDeliveries,
  markDelivered,
  markFailed,
} from "../db/deliveries.ts";
import { hasOtherInbox, holdHost, holdInbox } from "../db/delivery-holds.ts";
import { deleteFollowersAt } from "../db/followers.ts";
import type { FederationContext } from "./context.ts";
import {
  type HostFailure,
  judgeError,
  judgeResponse,
  maxAge,
  maxAttempts,
  type Outcome,
  retryDelay,
} from "./delivery-outcome.ts";
import { createDeliveryRun } from "./delivery-run.ts";
import { createTrial, type Trial } from "./delivery-trial.ts";
import { signAsUser } from "./sign.ts";

const logger = getLogger(["artdag", "federation", "deliver"]);

/** Requests at once to one host. */
const perHost = 2;

/** Requests of one run; what is left is for the next one, so that a large host does not keep its place for ever. */
const perRun = 1000;

type Context = Pick<FederationContext, "db" | "paths" | "keys" | "door">;

/**
 * Sends a host what is due for it, two requests at once, until nothing is left, until nothing gets through, or until
 * the signal. To each inbox goes what a sender published in the order in which it was published. Whoever fails is left
 * alone for a while: the host, or single inboxes of it, as the {@link Trial} finds.
 *
 * At most one run a host may be going on, in all processes together; the job queue sees to that.
 */
export async function drainHost(context: Context, host: string, signal: AbortSignal): Promise<void> {
  await refuseBlockedDeliveries(context.db, host);
  const trial = createTrial();
  const run = createDeliveryRun(() =>
    listDueDeliveries(context.db, host, { limit: 50, except: trial.avoided }),
  );
  let left = perRun;
  let broken = false;
  const stopped = () => broken || trial.hopeless || signal.aborted || left <= 0;

  async function sendAll(): Promise<void> {
    while (!stopped()) {
      const delivery = await run.next();
      if (delivery == null) return;
      try {
        // Much may have become known while this one was waited for.
        if (stopped() || trial.avoided.includes(delivery.inbox)) continue;
        left--;
        await deliver(context, host, delivery, trial, signal);
      } catch (error) {
        broken = true;
        throw error;
      } finally {
        run.done(delivery);
      }
    }
  }

  const results = await Promise.allSettled(Array.from({ length: perHost }, sendAll));
  await putOff(context, host, trial);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function deliver(
  context: Context,
  host: string,
  delivery: DueDelivery,
  trial: Trial,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await send(context, delivery);
  const { db } = context;
  const { id, inbox, userId } = delivery;
  if (outcome.type === "delivered") {
    trial.answered();
    await markDelivered(db, { id, inbox, host });
    return;
  }
  const { error } = outcome;
  // What is cut off because this process ends is nobody's failure.
  if (signal.aborted && outcome.type === "host_failed" && !outcome.answered) return;
  logger.debug("Delivery {id} to {inbox} failed: {error}", { id, inbox, error });
  const givenUp = delivery.attempts + 1 >= maxAttempts;
  switch (outcome.type) {
    case "gone":
      trial.answered();
      await markFailed(db, id, { error, state: "refused" });
      await deleteFollowersAt(db, userId, inbox);
      return;
    case "inbox_failed":
      if (outcome.answered) trial.answered();
      await markFailed(
        db,
        id,
        givenUp ? { error, state: "given_up" } : { error, retryIn: retryDelay(delivery.attempts + 1) },
      );
      await giveUpOld(db, { host, inbox, userId }, { age: maxAge, error });
      return;
    case "host_failed":
      trial.failed(inbox, outcome, delivery.troubled);
      await markFailed(db, id, givenUp ? { error, state: "given_up" } : { error });
  }
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

/** Leaves alone for a while whoever failed, and gives up what has waited there for too long. */
async function putOff({ db }: Context, host: string, trial: Trial): Promise<void> {
  const verdict = await trial.conclude(async (inbox) => !(await hasOtherInbox(db, { inbox, host })));
  if (verdict.type === "host") {
    const hold = toHold(verdict.failures);
    await holdHost(db, host, hold);
    await giveUpOld(db, { host }, { age: maxAge, error: hold.error });
    logger.info("Deliveries to {host} are put off: {error}", { host, error: hold.error });
    return;
  }
  for (const [inbox, failure] of verdict.failures) {
    const hold = toHold([failure]);
    await holdInbox(db, { inbox, host }, hold);
    await giveUpOld(db, { host, inbox }, { age: maxAge, error: hold.error });
    logger.info("Deliveries to {inbox} are put off: {error}", { inbox, error: hold.error });
  }
}

/** As long as was asked for, and longer with every failure. */
function toHold(failures: readonly HostFailure[]) {
  const retryAfter = Math.max(0, ...failures.map((failure) => failure.retryAfter ?? 0));
  return {
    error: failures[0]?.error ?? "",
    seconds: (times: number) => Math.max(retryAfter, retryDelay(Math.min(times, maxAttempts))),
  };
}
