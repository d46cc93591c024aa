import { verifyRequestDetailed } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import { loadContext } from "../net/contexts.ts";
import type { FoundKey, KeyResult, RemoteKeys } from "./inbound-keys.ts";

export type SignatureResult =
  /** Signed by the actor that owns the key. */
  { readonly type: "verified"; readonly owner: string } | Exclude<KeyResult, FoundKey>;

const logger = getLogger(["artdag", "federation", "signature"]);

/**
 * Verifies a request's one HTTP signature, whose key id has been read from it. A remembered key that does not fit may
 * have changed, and is fetched again.
 */
export async function verifySignature(
  keys: RemoteKeys,
  request: Request,
  keyId: URL,
): Promise<SignatureResult> {
  const found = await keys.find(keyId);
  if (found.type !== "found") return found;
  if (await fits(request, found)) return { type: "verified", owner: found.owner };
  const changed = found.remembered ? await keys.refresh(keyId) : undefined;
  if (changed == null) return { type: "invalid" };
  if (changed.type !== "found") return changed;
  return (await fits(request, changed)) ? { type: "verified", owner: changed.owner } : { type: "invalid" };
}

async function fits(request: Request, { key }: FoundKey): Promise<boolean> {
  try {
    const result = await verifyRequestDetailed(request, {
      // Which key, and when it is fetched again, is decided above.
      keyCache: { get: async () => key, set: async () => undefined },
      documentLoader: async () => Promise.reject(new Error("The key is not fetched again.")),
      contextLoader: loadContext,
      timeWindow: { hours: 1 },
    });
    return result.verified;
  } catch (error) {
    // Nobody but the request and the key was asked, so it is they that don't fit: a key of another kind, for example.
    logger.debug("A signature could not be computed: {error}", { error });
    return false;
  }
}
