import { countLogin, countRegistration } from "../accounts/attempts.ts";
import { foldUsername } from "../core/username.ts";
import { findAddress } from "./client.ts";
import type { Context } from "./context.ts";
import { tooMany } from "./limit-requests.ts";

/** Counts a sign-in, and refuses it where there were too many (429), in the same words whether the account exists. */
export async function limitLogin(c: Context, username?: string): Promise<void> {
  const { db, limits } = c.get("web");
  const account = username == null ? {} : { account: foldUsername(username) };
  const wait = await countLogin(db, limits, { address: findAddress(c), ...account });
  if (wait != null) throw tooMany("There were too many attempts to sign in", wait);
}

/** Counts a registration, and refuses it where there were too many (429). */
export async function limitRegistration(c: Context): Promise<void> {
  const { db, limits } = c.get("web");
  const wait = await countRegistration(db, limits, findAddress(c));
  if (wait != null) throw tooMany("There were too many registrations from your address", wait);
}
