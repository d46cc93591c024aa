import { findClientAddress } from "../core/client-address.ts";
import type { Context } from "./context.ts";
import { findPeer } from "./headers.ts";

/** The address that a request came from, as limits count it. */
export function findAddress(c: Context): string {
  const forwarded = c.req.header("x-forwarded-for") ?? null;
  return findClientAddress(findPeer(c), forwarded, c.get("web").limits.trustedProxies);
}
