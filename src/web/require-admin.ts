import type { Session } from "../accounts/tokens.ts";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

/** The session of an administrator. For everybody else there is nothing at the address. */
export function requireAdmin(c: Context): Session {
  const session = c.get("session");
  if (session?.user.admin === true) return session;
  throw new Problem(404, "There is nothing at this address.");
}
