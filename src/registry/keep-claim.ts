import { inTransaction } from "../db/connection.ts";
import { linkPosts, unlinkPosts, upsertClaim } from "../db/remote-claims.ts";
import type { Database } from "../db/schema.ts";

/**
 * Keeps a claim that was verified, as its exact bytes, and marks its author's posts that name it. A claim cannot change
 * hands, nor the hash that it is to: then the first copy stays, and no post counts as verified by it. Gives `false` then.
 */
export function keepClaim(
  db: Database,
  claim: { iri: string; actorId: number; contentHash: string; document: string },
): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    const kept = await upsertClaim(trx, claim);
    await (kept ? linkPosts(trx, claim) : unlinkPosts(trx, claim));
    return kept;
  });
}
