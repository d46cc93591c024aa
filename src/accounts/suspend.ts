import { inTransaction } from "../db/connection.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { revokeTokensOf, setSuspended } from "../db/suspensions.ts";
import { findUser } from "../db/users.ts";

export type SuspendResult =
  /** `changed` is false where it was so before. */
  | { readonly type: "done"; readonly changed: boolean }
  | { readonly type: "unknown_user" }
  /** Nobody suspends himself: he could not lift it again. */
  | { readonly type: "oneself" };

/**
 * Suspends a user: he can't sign in, his sessions end at once, his actor is gone for other servers, and what waits to be
 * delivered of his waits on. What he has signed stays in the log.
 */
export async function suspendUser(db: Database, by: UserRow, username: string): Promise<SuspendResult> {
  if (by.username === username) return { type: "oneself" };
  const user = await findUser(db, username);
  if (user == null || user.deleted != null) return { type: "unknown_user" };
  return await inTransaction(db, async (trx) => {
    const changed = await setSuspended(trx, user.id, true);
    await revokeTokensOf(trx, user.id);
    return { type: "done", changed };
  });
}

/** Lifts a suspension: all is as before, but for the sessions, which have to be begun anew. */
export async function unsuspendUser(db: Database, username: string): Promise<SuspendResult> {
  const user = await findUser(db, username);
  if (user == null || user.deleted != null) return { type: "unknown_user" };
  return await inTransaction(db, async (trx) => {
    return { type: "done", changed: await setSuspended(trx, user.id, false) };
  });
}
