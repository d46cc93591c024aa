import { foldUsername } from "../core/username.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import { verifyPassword } from "./password.ts";

/** The user with that name and password; `undefined`, after the same time, where either is wrong. */
export async function signIn(
  db: Database,
  credentials: { readonly username: string; readonly password: string },
): Promise<UserRow | undefined> {
  const user = await findUser(db, foldUsername(credentials.username));
  return (await verifyPassword(user?.password_hash, credentials.password)) ? user : undefined;
}
