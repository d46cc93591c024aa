import type { Federation } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import { startForgettingTokens } from "../accounts/forget-tokens.ts";
import { eraseUser } from "../registry/erase-user.ts";
import type { FederationContext } from "./context.ts";
import { startDelivering } from "./delivery-workers.ts";
import { learnClaim } from "./learn-claim.ts";
import { startForgettingReceived } from "./forget-received.ts";
import { fanOut } from "./publish.ts";
import { verifyClaim } from "./verify-claim.ts";

const logger = getLogger(["artdag", "federation", "workers"]);

/** Starts doing in this process the jobs of federation, and what is due every day. The result ends what is not ended with the queue itself. */
export async function startWorkers(
  context: FederationContext,
  federation: Federation<FederationContext>,
): Promise<() => void> {
  const { db, jobs } = context;
  const aborter = new AbortController();
  const listening = federation.startQueue(context, { signal: aborter.signal, queue: "inbox" });
  listening.catch((error: unknown) => logger.error("The inbox queue stopped: {error}", { error }));
  await jobs.work("publish", 2, ({ publication }) => fanOut(db, jobs, publication));
  startDelivering(context, aborter.signal);
  startForgettingReceived(db, aborter.signal);
  startForgettingTokens(db, aborter.signal);
  await jobs.work("verify_claim", 4, (data) => verifyClaim(context, data));
  await jobs.work("learn_claim", 2, (data) => learnClaim(context, data));
  await jobs.work("erase_user", 1, ({ user }) => eraseUser(context.registry, user));

  return () => aborter.abort();
}
