import { foldUsername } from "../core/username.ts";
import { inTransaction } from "../db/connection.ts";
import { deleteWaysIn, markDeleted } from "../db/deletions.ts";
import type { UserRow } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";

export interface DeleteAccountContext extends Pick<RegistryContext, "db" | "eraseLater"> {
  readonly passwords: { verify(hash: string, password: string): Promise<boolean> };
}

export type DeleteAccountResult =
  | "deleted"
  /** The server needs him. */
  | "administrator"
  | "wrong_username"
  | "wrong_password";

/**
 * Deletes a user's account, on his word: his name, and his password where he has one. From then on nobody can sign in to
 * it, what the user said of himself is gone, and so is the account for everybody who asks. All that hangs on it is
 * erased afterwards, by a job (`erase-user.ts`); the name is never given again.
 */
export async function deleteAccount(
  { db, eraseLater, passwords }: DeleteAccountContext,
  user: UserRow,
  word: { readonly username: string; readonly password: string },
): Promise<DeleteAccountResult> {
  if (user.admin) return "administrator";
  if (foldUsername(word.username) !== user.username) return "wrong_username";
  if (user.password_hash != null && !(await passwords.verify(user.password_hash, word.password)))
    return "wrong_password";
  await inTransaction(db, async (trx) => {
    // Twice at once is once.
    if (!(await markDeleted(trx, user.id))) return;
    await deleteWaysIn(trx, user.id);
    await eraseLater(trx, user.id);
  });
  return "deleted";
}
