import { createMiddleware } from "hono/factory";
import type { JsonObject } from "./claims/json.ts";
import { toMinimalActor } from "./federation/authorized-fetch.ts";
import type { FederationServer } from "./federation/server.ts";
import { answerProblem, wantsPage } from "./web/answer.tsx";
import type { Context, WebEnv } from "./web/context.ts";

/** Where there are documents besides actors. Those of actors stay public, since keys stand in them. */
export const guardedAddresses = [
  "/users/:username/:part/*",
  "/objects/*",
  "/activities",
  "/activities/*",
  "/notes/*",
  "/claims",
] as const;

type Guard = Pick<FederationServer, "findFetchProblem">;

/** Where the configuration says so, gives documents to signed requests of known servers only. Pages are for everybody. */
export function guardDocuments(federation: Guard) {
  return createMiddleware<WebEnv>(async (c, next) => {
    if (!isGuarded(c)) return await next();
    const problem = await federation.findFetchProblem(c.req.raw);
    if (problem != null) {
      return await answerProblem(c, problem, problem.status === 503 ? { "Retry-After": "300" } : {});
    }
    await next();
    keepToThemselves(c);
  });
}

/** Shows strangers, in the same case, no more of an actor than its keys. */
export function guardActor(federation: Guard) {
  return createMiddleware<WebEnv>(async (c, next) => {
    if (!isGuarded(c)) return await next();
    const signed = c.req.header("signature") != null;
    const known = signed && (await federation.findFetchProblem(c.req.raw)) == null;
    await next();
    if (!known && c.res.ok) {
      const actor = (await c.res.json()) as JsonObject;
      c.res = new Response(JSON.stringify(toMinimalActor(actor)), c.res);
    }
    keepToThemselves(c);
  });
}

function isGuarded(c: Context): boolean {
  const reads = c.req.method === "GET" || c.req.method === "HEAD";
  // What is new is told as it stands on the page of activities.
  return reads && c.get("web").authorizedFetch && !wantsPage(c) && c.req.path !== "/activities/live";
}

/** What one was given is for no cache that others share. */
function keepToThemselves(c: Context): void {
  c.res.headers.set("Cache-Control", "private, no-store");
}
