import { inTransaction } from "../db/connection.ts";
import { insertReceived } from "../db/received.ts";
import { insertReport } from "../db/reports.ts";
import type { Database } from "../db/schema.ts";
import type { Received } from "./follow.ts";

/** Another server reports users of this one, or what they published, to the administrator. */
export function receiveReport(
  db: Database,
  received: Received,
  report: { readonly objects: string[]; readonly content: string | null },
): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    await insertReport(trx, { actorIri: received.actor, ...report });
  });
}
