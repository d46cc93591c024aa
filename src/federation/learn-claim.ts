import { createHash } from "node:crypto";
import { getLogger } from "@logtape/logtape";
import { inTransaction } from "../db/connection.ts";
import { listKeptClaims } from "../db/kept-claims.ts";
import { ensureRemoteActor } from "../db/remote-actors.ts";
import type { NewRemoteActor, RemoteActorRow, Transaction } from "../db/schema.ts";
import { DocumentError, type FetchedDocument } from "../net/documents.ts";
import { keepClaim, type NamedClaim } from "../registry/keep-claim.ts";
import { checkFetchedClaim } from "./check-fetched-claim.ts";
import type { FederationContext } from "./context.ts";
import { fetchSigned } from "./fetch-signed.ts";
import type { JobData } from "./jobs.ts";
import { learnActor, NoActorError } from "./remote-actor.ts";

const logger = getLogger(["artdag", "federation", "claims"]);

/** How many steps are gone from a claim that was sent here to those behind it. */
const maxSteps = 20;

/** How many claims are learned from one that names them. */
const maxLearned = 50;

/** How far learning goes from a claim: the steps that were gone to those that it names, and how many may be learned. */
type Reach = Pick<JobData["learn_claim"], "steps" | "left">;

/** Of a claim that was sent here. */
export const firstReach: Reach = { steps: 1, left: 200 };

type Context = Pick<FederationContext, "jobs" | "paths" | "blocked">;

/**
 * Has the claims that another one names fetched once the transaction is committed, so that who made what it was made
 * from is known here even when their servers are gone. Those of this server, and of servers that it blocks, are left out.
 * What may be learned in all is shared out among those that are fetched, so that no graph makes more of it.
 */
export function learnClaimsLater(context: Context, { steps, left }: Reach) {
  return async (trx: Transaction, claims: readonly NamedClaim[]): Promise<void> => {
    if (steps > maxSteps || left <= 0) return;
    const foreign = await listForeign(context, claims);
    const some = foreign.slice(0, Math.min(maxLearned, left));
    const reach = { steps, left: Math.floor((left - some.length) / some.length) };
    const jobs = some.map((claim) => ({ key: toKey(claim), data: { ...claim, ...reach } }));
    // Sent in one order by all, so that no two transactions wait for each other.
    for (const { key, data } of jobs.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
      await context.jobs.send("learn_claim", data, { trx, key });
  };
}

async function listForeign(
  { paths, blocked }: Context,
  claims: readonly NamedClaim[],
): Promise<NamedClaim[]> {
  const foreign: NamedClaim[] = [];
  for (const claim of claims) {
    if (!claim.iri.startsWith(`${paths.origin}/`) && !(await blocked.has(claim.iri))) foreign.push(claim);
  }
  return foreign;
}

/** With the hash, since who names a claim for a wrong one must not keep it from being learned for the right one. */
function toKey({ iri, contentHash }: NamedClaim): string {
  return createHash("sha256").update(`${iri} ${contentHash}`).digest("hex");
}

/**
 * Fetches a claim that another one names, checks it as every claim, and keeps it where it is to the hash that it was
 * named for; then those that it names itself. What cannot be had, or is something else, is let go; where its server did
 * not answer this throws, to be tried again.
 */
export async function learnClaim(context: FederationContext, job: JobData["learn_claim"]): Promise<void> {
  const { db } = context;
  const { iri, contentHash, steps, left } = job;
  if ((await listKeptClaims(db, [iri])).length > 0) return;
  const found = await find(context, iri);
  if (found == null) return;
  const { claim, author, actor } = found;
  const check = await checkFetchedClaim(claim, iri, actor);
  if (check.type === "invalid" || check.contentHash !== contentHash) {
    const reason = check.type === "invalid" ? check.reason : "it is to another hash";
    logger.info("The claim {claim}, which another one names, is not kept: {reason}.", { claim: iri, reason });
    return;
  }
  const { publicKey } = check;
  await inTransaction(db, async (trx) => {
    const actorId = await ensureRemoteActor(trx, author);
    const verified = { iri, actorId, contentHash, document: claim.text, publicKey };
    const learnClaims = learnClaimsLater(context, { steps: steps + 1, left });
    await keepClaim({ db: trx, learnClaims }, verified);
  });
}

interface Found {
  readonly claim: FetchedDocument;
  readonly author: RemoteActorRow | NewRemoteActor;
  readonly actor: FetchedDocument;
}

/** The claim and its author, who is on the claim's own server; `undefined` where there is no such thing. */
async function find(context: FederationContext, iri: string): Promise<Found | undefined> {
  if (await context.blocked.has(iri)) return undefined;
  try {
    const claim = await fetchSigned(context, iri);
    const author = claim.json["actor"];
    if (typeof author !== "string" || URL.parse(author)?.origin !== new URL(iri).origin) return undefined;
    if (await context.blocked.has(author)) return undefined;
    return { claim, author: await learnActor(context, author), actor: await fetchSigned(context, author) };
  } catch (error) {
    if (error instanceof NoActorError || (error instanceof DocumentError && isFinal(error))) return undefined;
    throw error;
  }
}

function isFinal({ reason, status }: DocumentError): boolean {
  if (reason === "status") return status != null && status >= 400 && status < 500 && status !== 429;
  return !["status", "timeout", "network", "rate", "aborted"].includes(reason);
}
