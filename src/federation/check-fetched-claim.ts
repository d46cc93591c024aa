import type { JsonObject } from "../claims/json.ts";
import { checkClaim, type ClaimCheck } from "../claims/verify.ts";
import type { FetchedDocument } from "../net/documents.ts";

/** In bytes: a claim is kept whole and for good. */
const maxSize = 256 * 1024;

/** Checks a claim as it was fetched against its author's document. One that is too large to be kept is not valid. */
export async function checkFetchedClaim(
  claim: FetchedDocument,
  iri: string,
  actor: FetchedDocument,
): Promise<ClaimCheck> {
  if (new TextEncoder().encode(claim.text).length > maxSize)
    return { type: "invalid", reason: "it is larger than 256 KiB" };
  return checkClaim(claim.json as JsonObject, iri, actor.json as JsonObject);
}
