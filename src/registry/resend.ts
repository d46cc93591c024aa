import { inTransaction } from "../db/connection.ts";
import { isInLedger, renewDeliveries } from "../db/ledger.ts";
import type { RegistryContext } from "./context.ts";

export type SendAgainResult =
  | { readonly type: "sent_again"; readonly deliveries: number }
  | { readonly type: "unknown_host" };

/**
 * Has what did not arrive of an asset's post, its changes included, sent again soon, to every server or to one: what
 * waits for its next try, and what was given up. What was refused for good is left alone.
 */
export function sendAgain(
  { db }: Pick<RegistryContext, "db">,
  asset: { readonly activity_index: number },
  host?: string,
): Promise<SendAgainResult> {
  const noteIndex = asset.activity_index;
  return inTransaction(db, async (trx) => {
    if (host != null && !(await isInLedger(trx, noteIndex, host))) return { type: "unknown_host" };
    return { type: "sent_again", deliveries: await renewDeliveries(trx, noteIndex, host) };
  });
}
