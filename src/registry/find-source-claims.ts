import type { Paths } from "../core/paths.ts";
import type { Database } from "../db/schema.ts";
import { findSourceLinks } from "../db/sources.ts";

/**
 * Where a claim to each of the hashes stands: the first one of this server, or else the first one that is kept of
 * another. A hash that nobody is known to claim is left out.
 */
export async function findSourceClaims(
  { db, paths }: { readonly db: Database; readonly paths: Paths },
  hashes: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [hash, { index, claims }] of await findSourceLinks(db, hashes, 1)) {
    const claim = index == null ? claims[0] : paths.activity(index);
    if (claim != null) found.set(hash, claim);
  }
  return found;
}
