import { inTransaction, isUniqueViolation } from "../db/connection.ts";
import { lockPassword } from "../db/passwords.ts";
import type { Database, UserRow } from "../db/schema.ts";
import {
  deleteSignIn,
  findSignInUser,
  insertSignIn,
  listSignIns,
  markSignInUsed,
  subjectKey,
} from "../db/sign-ins.ts";
import type { Identity } from "./providers.ts";

export type EnterResult =
  | { readonly type: "signed_in"; readonly user: UserRow }
  | { readonly type: "suspended" }
  /** Nobody has linked that account yet. */
  | { readonly type: "unknown" };

/** Finds the user who has linked an account elsewhere: by its subject, and by nothing else. */
export async function enter(db: Database, identity: Identity): Promise<EnterResult> {
  const user = await findSignInUser(db, identity);
  if (user == null) return { type: "unknown" };
  if (user.suspended != null) return { type: "suspended" };
  await markSignInUsed(db, identity);
  return { type: "signed_in", user };
}

/** Links an account elsewhere to a user. */
export async function linkSignIn(
  db: Database,
  user: UserRow,
  identity: Identity,
): Promise<"linked" | "already_linked" | "taken"> {
  try {
    await insertSignIn(db, user.id, identity);
    return "linked";
  } catch (error) {
    if (!isUniqueViolation(error, subjectKey)) throw error;
    const owner = await findSignInUser(db, identity);
    return owner?.id === user.id ? "already_linked" : "taken";
  }
}

/**
 * Ends a link, but never the last way in: a user without a password keeps one at a provider that this server has.
 *
 * @param usable Names of the providers that are configured.
 */
export function unlinkSignIn(
  db: Database,
  user: UserRow,
  id: number,
  usable: readonly string[],
): Promise<"unlinked" | "not_found" | "last_way"> {
  return inTransaction(db, async (trx) => {
    const password = await lockPassword(trx, user.id);
    const all = await listSignIns(trx, user.id);
    if (!all.some((signIn) => signIn.id === id)) return "not_found";
    const others = all.filter((signIn) => signIn.id !== id && usable.includes(signIn.provider));
    if (password == null && others.length === 0) return "last_way";
    await deleteSignIn(trx, user.id, id);
    return "unlinked";
  });
}
