import { randomBytes } from "node:crypto";
import { findUser } from "../db/users.ts";
import { type RegisterContext, registerUser } from "./register.ts";

/**
 * Makes the first user and administrator where he does not exist yet, and gives the random password, which is to be
 * shown once and is kept nowhere.
 */
export async function createFirstUser(
  context: RegisterContext,
  username: string,
): Promise<string | undefined> {
  if ((await findUser(context.db, username)) != null) {
    await context.keys.ensure(username);
    return undefined;
  }
  const password = randomBytes(12).toString("base64url");
  const { type } = await registerUser(context, { username, password, admin: true }, { mayInherit: true });
  return type === "registered" ? password : undefined;
}
