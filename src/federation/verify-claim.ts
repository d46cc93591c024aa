import { getLogger } from "@logtape/logtape";
import {
  type ClaimToVerify,
  findClaimOfPost,
  findKeptClaim,
  markWithdrawn,
  unlinkPosts,
} from "../db/remote-claims.ts";
import type { Transaction } from "../db/schema.ts";
import { DocumentError, type FetchedDocument } from "../net/documents.ts";
import { keepClaim } from "../registry/keep-claim.ts";
import { checkFetchedClaim } from "./check-fetched-claim.ts";
import type { FederationContext } from "./context.ts";
import { fetchSigned } from "./fetch-signed.ts";
import type { JobData } from "./jobs.ts";
import { firstReach, learnClaimsLater } from "./learn-claim.ts";

const logger = getLogger(["artdag", "federation", "claims"]);

/** Has the claim that a post names verified once the transaction is committed. */
export function verifyClaimLater({ jobs }: FederationContext) {
  return (trx: Transaction, post: number) => jobs.send("verify_claim", { post }, { trx });
}

/** Has a claim that is kept looked at again once the transaction is committed. */
export function recheckClaimLater({ jobs }: FederationContext) {
  return (trx: Transaction, claim: number) => jobs.send("verify_claim", { claim }, { trx });
}

/**
 * Fetches the claim that a post names, or one that is kept, checks its proof against the key of its author, and keeps
 * what is valid. A claim that is not valid verifies no post; one whose server says that it is gone (410) is marked
 * withdrawn, and its copy stays. One that could not be fetched throws, to be tried again.
 */
export async function verifyClaim(context: FederationContext, job: JobData["verify_claim"]): Promise<void> {
  const { db } = context;
  const claim = "post" in job ? await findClaimOfPost(db, job.post) : await findKeptClaim(db, job.claim);
  if (claim == null) return;
  const found = await fetchClaim(context, claim);
  if (found === "gone") {
    await markWithdrawn(db, claim.iri);
    logger.info("The claim {claim} was withdrawn by its server.", { claim: claim.iri });
    return;
  }
  const actor = await fetchSigned(context, claim.actorIri);
  const check = await checkFetchedClaim(found, claim.iri, actor);
  if (check.type === "invalid") {
    logger.warn("The claim {claim} is not valid: {reason}.", { claim: claim.iri, reason: check.reason });
    await unlinkPosts(db, claim);
    return;
  }
  const { iri, actorId } = claim;
  const { contentHash, publicKey } = check;
  const keeping = { db, learnClaims: learnClaimsLater(context, firstReach) };
  const kept = await keepClaim(keeping, { iri, actorId, contentHash, document: found.text, publicKey });
  if (!kept) logger.warn("The claim {claim} is not the one that was kept of it.", { claim: iri });
}

async function fetchClaim(
  context: FederationContext,
  { iri }: ClaimToVerify,
): Promise<FetchedDocument | "gone"> {
  try {
    return await fetchSigned(context, iri);
  } catch (error) {
    if (error instanceof DocumentError && error.status === 410) return "gone";
    throw error;
  }
}
