import { foldUsername } from "../core/username.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import type { Passwords } from "./passwords.ts";

export type SignInResult =
  | { readonly type: "signed_in"; readonly user: UserRow }
  /** The name or the password is wrong; both take the same time. */
  | { readonly type: "wrong_credentials" }
  /** The administrator has suspended the account. Told only to who knows its password. */
  | { readonly type: "suspended" };

/** Finds the user with that name and password. */
export async function signIn(
  { db, passwords }: { readonly db: Database; readonly passwords: Passwords },
  credentials: { readonly username: string; readonly password: string },
): Promise<SignInResult> {
  const user = await findUser(db, foldUsername(credentials.username));
  const verified = await passwords.verify(user?.password_hash, credentials.password);
  if (user == null || !verified) return { type: "wrong_credentials" };
  return user.suspended == null ? { type: "signed_in", user } : { type: "suspended" };
}
