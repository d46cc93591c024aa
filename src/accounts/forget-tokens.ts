import { forgetDaily } from "../db/forget-daily.ts";
import type { Database } from "../db/schema.ts";
import { forgetTokens } from "../db/tokens.ts";

/** How long tokens are remembered after they have expired, in days. No token is good again once it has. */
const memory = 30;

/** Forgets once a day, from now until the signal, the tokens that expired that long ago. */
export function startForgettingTokens(db: Database, signal: AbortSignal): void {
  forgetDaily("expired tokens", (limit) => forgetTokens(db, { days: memory, limit }), signal);
}
