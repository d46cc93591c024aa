import { createMiddleware } from "hono/factory";
import { createLimit, type Limit } from "../core/limit.ts";
import { findAddress } from "./client.ts";
import type { WebEnv } from "./context.ts";
import { Problem } from "./problem.ts";

/** How many requests are answered in five minutes. Each process counts for itself. */
export interface RequestLimits {
  /** Of whoever isn't signed in. */
  readonly requestsPerAddress: number;
  readonly requestsPerUser: number;
}

/** Counts the request of a user as his, and any other as that of its address; refuses what is too much (429). */
export function limitRequests({ requestsPerAddress, requestsPerUser }: RequestLimits) {
  const perAddress: Limit = createLimit(requestsPerAddress, 300);
  const perUser: Limit = createLimit(requestsPerUser, 300);
  return createMiddleware<WebEnv>(async (c, next) => {
    const user = c.get("session")?.user;
    const wait = await (user == null ? perAddress.take(findAddress(c)) : perUser.take(String(user.id)));
    if (wait != null) throw tooMany("These are too many requests", wait);
    await next();
  });
}

/** The problem of who does something too often, and may again in so many seconds. */
export function tooMany(what: string, seconds: number): Problem {
  const minutes = Math.ceil(seconds / 60);
  const when = seconds < 60 ? "in a minute" : `in ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return new Problem(429, `${what}. Try again ${when}.`, { headers: { "Retry-After": String(seconds) } });
}
