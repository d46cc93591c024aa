import { asObject, type JsonObject } from "../claims/json.ts";
import { readSources } from "../claims/provenance.ts";
import { inTransaction } from "../db/connection.ts";
import { replaceEdges } from "../db/lineage-edges.ts";
import { listKeptClaims } from "../db/kept-claims.ts";
import { linkPosts, unlinkPosts, upsertClaim, type VerifiedClaim } from "../db/remote-claims.ts";
import type { Database, Transaction } from "../db/schema.ts";
import { toSummaryText } from "./claim-summary.ts";
import { toEdges } from "./lineage-edges.ts";

/** A claim that another one names as the claim to something it was made from. */
export interface NamedClaim {
  readonly iri: string;
  readonly contentHash: string;
}

export interface KeepClaimContext {
  readonly db: Database;
  /** Has claims that are not known here fetched and verified after the transaction. */
  learnClaims(trx: Transaction, claims: readonly NamedClaim[]): Promise<void>;
}

/**
 * Keeps a claim that was verified, as its exact bytes, with what it states of how the work was made, and marks its
 * author's posts that name it. The claims behind what it was made from are learned. A claim cannot change hands, nor the
 * hash that it is to: then the first copy stays, and no post counts as verified by it. Gives `false` then.
 */
export function keepClaim(context: KeepClaimContext, claim: VerifiedClaim): Promise<boolean> {
  return inTransaction(context.db, async (trx) => {
    const object = asObject((JSON.parse(claim.document) as JsonObject)["object"]) ?? {};
    const id = await upsertClaim(trx, { ...claim, summary: toSummaryText(object) });
    if (id == null) {
      await unlinkPosts(trx, claim);
      return false;
    }
    await linkPosts(trx, claim);
    await replaceEdges(trx, { remoteClaim: id }, claim.contentHash, toEdges(object));
    const unknown = await listUnknown(trx, object);
    if (unknown.length > 0) await context.learnClaims(trx, unknown);
    return true;
  });
}

async function listUnknown(trx: Transaction, object: JsonObject): Promise<NamedClaim[]> {
  const { recipe, inputs } = readSources(object);
  const named = new Map<string, NamedClaim>();
  for (const { claim: iri, contentHash } of [...(recipe == null ? [] : [recipe]), ...inputs]) {
    if (iri != null && contentHash != null) named.set(iri, { iri, contentHash: contentHash.value });
  }
  const kept = await listKeptClaims(trx, [...named.keys()]);
  for (const iri of kept) named.delete(iri);
  return [...named.values()];
}
