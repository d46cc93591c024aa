import type { Paths } from "../core/paths.ts";
import { listLocalClaims, listRemoteClaims } from "../db/hash-claims.ts";
import type { Database } from "../db/schema.ts";

/**
 * Where a claim to each of the hashes stands: the first one of this server, or else the first one that is kept of
 * another. A hash that nobody is known to claim is left out.
 */
export async function findSourceClaims(
  { db, paths }: { readonly db: Database; readonly paths: Paths },
  hashes: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (hashes.length === 0) return found;
  for (const { hash, index } of await listLocalClaims(db, hashes)) {
    if (!found.has(hash)) found.set(hash, paths.activity(index));
  }
  const missing = hashes.filter((hash) => !found.has(hash));
  for (const { hash, iri, withdrawn } of await listRemoteClaims(db, missing)) {
    if (withdrawn == null && !found.has(hash)) found.set(hash, iri);
  }
  return found;
}
