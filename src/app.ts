import { Hono } from "hono";
import { describeProblem } from "./core/problem.ts";
import { guardActor, guardDocuments, guardedAddresses } from "./document-guard.ts";
import type { FederationServer } from "./federation/server.ts";
import { routes } from "./web/all-routes.ts";
import { findAllowedMethods } from "./web/allowed-methods.ts";
import { answerError, answerProblem, wantsPage } from "./web/answer.tsx";
import type { Context, WebContext, WebEnv } from "./web/context.ts";
import { checkHost, findPeer, setSecurityHeaders, varyByAccept } from "./web/headers.ts";
import { limitRequests } from "./web/limit-requests.ts";
import { Problem } from "./web/problem.ts";
import { createPublicAnswers } from "./web/public-answers.ts";
import { objectRoutes } from "./web/routes/objects.ts";
import { mediaRoutes } from "./web/routes/media.ts";
import { operationRoutes } from "./web/routes/operations.ts";
import { staticRoutes } from "./web/routes/static.ts";
import { tokenRoutes } from "./web/routes/tokens.ts";
import { readSession } from "./web/session.ts";
import { refuseSuspended } from "./web/suspended.ts";

export interface AppParts {
  readonly web: WebContext;
  readonly federation: FederationServer;
  /** Host names, with their ports, by which the server may be addressed. */
  readonly hosts: readonly string[];
}

/** Addresses at which actors and their collections stand: documents for programs, pages for people. */
const actorAddresses = [
  "/users/:username",
  "/users/:username/outbox",
  "/users/:username/followers",
  "/users/:username/following",
  "/users/:username/featured",
];
const documentAddresses = ["/actor", "/.well-known/webfinger", "/.well-known/nodeinfo", "/nodeinfo/2.1"];
/** Addresses whose answers are the same for all strangers. What is not named here is made for each anew. */
const publicAddresses = [
  ...actorAddresses,
  ...documentAddresses,
  "/",
  "/assets",
  "/assets/:name",
  "/asset/:name",
  "/activities",
  "/activities/:index",
  "/notes/:index",
  "/objects/:hash",
  "/objects/:hash/:index",
  "/users",
  "/feed.atom",
  "/users/:username/feed.atom",
  "/oembed",
  "/sitemap.xml",
  "/sitemap/:kind/:part",
];

/** The whole server as one Hono app: the order of middleware and routes. */
export function createApp({ web, federation, hosts }: AppParts): Hono<WebEnv> {
  const app = new Hono<WebEnv>();
  app.onError(answerError);
  app.notFound((c) => answerUnknown(app, c));
  app.use(setSecurityHeaders);
  app.use(varyByAccept);
  app.use(async (c, next) => {
    c.set("web", web);
    await next();
  });
  app.use(checkHost(hosts));

  const publicAnswers = createPublicAnswers(web.cacheSeconds);
  for (const address of publicAddresses) app.use(address, publicAnswers.share);
  app.post("/inbox", (c) => federation.receive(c.req.raw, findPeer(c)));
  app.post("/users/:username/inbox", (c) => federation.receive(c.req.raw, findPeer(c)));
  // What is the same for everybody asks nobody who they are, and is not counted.
  app.route("/", operationRoutes);
  app.route("/", staticRoutes);
  app.route("/", mediaRoutes);
  // Renderers have a limit of their own, and no cookie counts there.
  app.route("/", tokenRoutes);
  const limit = limitRequests(web.limits);
  // Renderers sign nothing, so this comes before what guards documents.
  app.use("/objects/status", limit);
  app.use("/objects/changes", limit);
  app.route("/", objectRoutes);
  app.use(readSession);
  app.use(limit);
  // What comes in there is worked on later.
  app.use(publicAnswers.forget);
  app.use("/users/:username/*", refuseSuspended);
  app.use("/users/:username", guardActor(federation));
  for (const address of guardedAddresses) app.use(address, guardDocuments(federation));
  for (const address of documentAddresses) app.get(address, (c) => serveDocument(federation, c));
  for (const address of actorAddresses) {
    app.get(address, (c, next) => (wantsPage(c) ? next() : serveDocument(federation, c)));
  }

  for (const route of routes) app.route("/", route);
  return app;
}

/** What Fedify answers, in the words of this server where it is an error. */
async function serveDocument(federation: FederationServer, c: Context): Promise<Response> {
  const { pathname, search } = new URL(c.req.url);
  const headers = new Headers(c.req.raw.headers);
  headers.set("Accept", "application/activity+json");
  const response = await federation.serve(new Request(c.get("web").origin + pathname + search, { headers }));
  if (response == null) throw new Problem(404, "There is nothing at this address.");
  if (response.status >= 400) throw new Problem(response.status, await response.text());
  return new Response(response.body, response);
}

function answerUnknown(app: Hono<WebEnv>, c: Context): Response | Promise<Response> {
  const allowed = findAllowedMethods(app, c.req.path);
  if (allowed.length === 0)
    return answerProblem(c, describeProblem(404, "There is nothing at this address."));
  const detail = `This address takes ${allowed.join(", ")} only.`;
  return answerProblem(c, describeProblem(405, detail), { Allow: allowed.join(", ") });
}
