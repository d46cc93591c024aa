import { randomUUID } from "node:crypto";

/** What L2 says of a token. */
export type Verification =
  | { readonly type: "valid"; readonly username: string }
  | { readonly type: "invalid" }
  | { readonly type: "unreachable" };

/** Who is signed in here, by cookies of this renderer's own. */
export interface Visitors {
  /** Signs in whom the token is of, and gives the value of the cookie. */
  signIn(
    token: string,
  ): Promise<{ readonly cookie: string | undefined; readonly verification: Verification }>;
  /** Asks L2 anew, so that whoever detaches there is signed out here. */
  find(cookie: string | undefined): Promise<Verification | undefined>;
  signOut(cookie: string | undefined): void;
  /** Everybody who was ever signed in, the first one first. */
  readonly usernames: readonly string[];
}

/** Knows of L2 nothing but its address: no secret, no key. */
export function createVisitors(l2Origin: string): Visitors {
  const tokens = new Map<string, string>();
  const usernames: string[] = [];
  return {
    usernames,
    async signIn(token) {
      const verification = await verify(l2Origin, token);
      if (verification.type !== "valid") return { cookie: undefined, verification };
      if (!usernames.includes(verification.username)) usernames.push(verification.username);
      const cookie = randomUUID();
      tokens.set(cookie, token);
      return { cookie, verification };
    },
    async find(cookie) {
      const token = cookie == null ? undefined : tokens.get(cookie);
      if (cookie == null || token == null) return undefined;
      const verification = await verify(l2Origin, token);
      if (verification.type === "invalid") tokens.delete(cookie);
      return verification;
    },
    signOut(cookie) {
      if (cookie != null) tokens.delete(cookie);
    },
  };
}

async function verify(l2Origin: string, token: string): Promise<Verification> {
  try {
    const answer = await fetch(`${l2Origin}/auth/verify`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(10_000),
    });
    if (answer.status >= 500) return { type: "unreachable" };
    const { valid, username } = (await answer.json()) as { valid?: unknown; username?: unknown };
    return valid === true && typeof username === "string" ? { type: "valid", username } : { type: "invalid" };
  } catch {
    return { type: "unreachable" };
  }
}
