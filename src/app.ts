import { Hono } from "hono";
import { describeProblem } from "./core/problem.ts";
import { guardActor, guardDocuments, guardedAddresses } from "./document-guard.ts";
import type { FederationServer } from "./federation/server.ts";
import { findAllowedMethods } from "./web/allowed-methods.ts";
import { answerError, answerProblem, wantsPage } from "./web/answer.tsx";
import type { Context, WebContext, WebEnv } from "./web/context.ts";
import { checkHost, findPeer, setSecurityHeaders, varyByAccept } from "./web/headers.ts";
import { limitRequests } from "./web/limit-requests.ts";
import { Problem } from "./web/problem.ts";
import { adminRoutes } from "./web/routes/admin.tsx";
import { assetRoutes } from "./web/routes/assets.tsx";
import { authRoutes } from "./web/routes/auth.ts";
import { blockListRoutes } from "./web/routes/block-lists.tsx";
import { blockRoutes } from "./web/routes/blocks.tsx";
import { claimRoutes } from "./web/routes/claims.tsx";
import { collectionRoutes } from "./web/routes/collections.tsx";
import { dataRoutes } from "./web/routes/data.tsx";
import { deletionRoutes } from "./web/routes/deletion.tsx";
import { discoveryRoutes } from "./web/routes/discovery.tsx";
import { followingRoutes } from "./web/routes/following.tsx";
import { ledgerRoutes } from "./web/routes/ledger.tsx";
import { interactionRoutes } from "./web/routes/interactions.tsx";
import { liveRoutes } from "./web/routes/live.tsx";
import { lineageRoutes } from "./web/routes/lineage.tsx";
import { logRoutes } from "./web/routes/log.tsx";
import { objectRoutes } from "./web/routes/objects.ts";
import { mediaRoutes } from "./web/routes/media.ts";
import { operationRoutes } from "./web/routes/operations.ts";
import { ownAssetRoutes } from "./web/routes/own-assets.tsx";
import { pageRoutes } from "./web/routes/pages.tsx";
import { queueRoutes } from "./web/routes/queues.tsx";
import { recordRunRoutes } from "./web/routes/record-run.tsx";
import { previewRoutes } from "./web/routes/previews.tsx";
import { shareRoutes } from "./web/routes/shares.tsx";
import { profileRoutes } from "./web/routes/profile.tsx";
import { rendererRoutes } from "./web/routes/renderers.tsx";
import { sessionRoutes } from "./web/routes/sessions.tsx";
import { staticRoutes } from "./web/routes/static.ts";
import { tokenRoutes } from "./web/routes/tokens.ts";
import { userRoutes } from "./web/routes/users.tsx";
import { oauthRoutes } from "./web/routes/oauth.tsx";
import { passwordRoutes } from "./web/routes/password.tsx";
import { signInRoutes } from "./web/routes/sign-ins.tsx";
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
  app.use("/users/:username/*", refuseSuspended);
  app.use("/users/:username", guardActor(federation));
  for (const address of guardedAddresses) app.use(address, guardDocuments(federation));
  for (const address of documentAddresses) app.get(address, (c) => serveDocument(federation, c));
  for (const address of actorAddresses) {
    app.get(address, (c, next) => (wantsPage(c) ? next() : serveDocument(federation, c)));
  }

  app.route("/", recordRunRoutes);
  app.route("/", pageRoutes);
  app.route("/", authRoutes);
  app.route("/", oauthRoutes);
  app.route("/", signInRoutes);
  app.route("/", passwordRoutes);
  app.route("/", dataRoutes);
  app.route("/", deletionRoutes);
  app.route("/", assetRoutes);
  app.route("/", ownAssetRoutes);
  app.route("/", previewRoutes);
  app.route("/", shareRoutes);
  app.route("/", ledgerRoutes);
  app.route("/", liveRoutes);
  app.route("/", lineageRoutes);
  app.route("/", logRoutes);
  app.route("/", claimRoutes);
  app.route("/", interactionRoutes);
  app.route("/", followingRoutes);
  app.route("/", userRoutes);
  app.route("/", profileRoutes);
  app.route("/", discoveryRoutes);
  app.route("/", blockRoutes);
  app.route("/", blockListRoutes);
  app.route("/", adminRoutes);
  app.route("/", queueRoutes);
  app.route("/", rendererRoutes);
  app.route("/", sessionRoutes);
  app.route("/", collectionRoutes);
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
