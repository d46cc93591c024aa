import { inTransaction } from "../db/connection.ts";
import { lockPassword, setPassword } from "../db/passwords.ts";
import type { Database } from "../db/schema.ts";
import { revokeOtherTokens } from "../db/tokens.ts";
import type { Passwords } from "./passwords.ts";
import type { Session } from "./tokens.ts";

export type ChangePasswordResult = "changed" | "wrong_password";

/**
 * Gives a user another password, and ends all his sessions but the one he does it in. Whoever has a password must know
 * it; who signs in elsewhere only may have none yet.
 *
 * @param input `next` is checked already: 8 to 1,024 bytes.
 */
export async function changePassword(
  { db, passwords }: { readonly db: Database; readonly passwords: Passwords },
  { user, tokenId }: Session,
  input: { readonly current: string; readonly next: string },
): Promise<ChangePasswordResult> {
  if (user.password_hash != null && !(await passwords.verify(user.password_hash, input.current)))
    return "wrong_password";
  const hash = await passwords.hash(input.next);
  return await inTransaction(db, async (trx) => {
    // Of two changes at once, the second one's password is not the current one any more.
    if ((await lockPassword(trx, user.id)) !== user.password_hash) return "wrong_password";
    await setPassword(trx, user.id, hash);
    await revokeOtherTokens(trx, user.id, tokenId);
    return "changed";
  });
}
