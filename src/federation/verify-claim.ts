import { getLogger } from "@logtape/logtape";
import type { JsonObject } from "../claims/json.ts";
import { checkClaim } from "../claims/verify.ts";

import { findPostWithoutClaim } from "../db/remote-posts.ts";
import { keepClaim } from "../registry/receive-post.ts";
import type { FederationContext } from "./context.ts";
import { signAsInstance } from "./sign.ts";

const logger = getLogger(["artdag", "federation", "claims"]);

/**
 * Fetches the claim that a post names, checks its proof against the key of the post's author, and keeps a copy. A claim
 * that is not valid is let go; one that could not be fetched throws, to be tried again.
 */
export async function verifyClaimOf(context: FederationContext, postId: number): Promise<void> {
  const post = await findPostWithoutClaim(context.db, postId);
  if (post == null) return;
  const sign = (request: Request) => signAsInstance(context.keys, context.paths, request);
  const claim = await context.documents.fetchDocument(post.claimIri, { sign });
  const actor = await context.documents.fetchDocument(post.actorIri, { sign });
  const check = await checkClaim(claim.json as JsonObject, post.claimIri, actor.json as JsonObject);
  if (check.type === "invalid") {
    logger.warn("The claim {claim} is not valid: {reason}.", { claim: post.claimIri, reason: check.reason });
    return;
  }
  const { contentHash } = check;
  await keepClaim(context.db, postId, {
    iri: post.claimIri,
    actorId: post.actorId,
    contentHash,
    document: claim.text,
  });
}
