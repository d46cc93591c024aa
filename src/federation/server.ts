import { createFederation, type Federation, kvCache, type KvStore, verifyRequest } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import { instanceKeyName } from "../accounts/key-files.ts";
import { parseHandle } from "../core/handle.ts";
import { describeProblem, type ProblemDetails, problemResponse } from "../core/problem.ts";
import { foldUsername } from "../core/username.ts";
import type { FederationContext } from "./context.ts";
import { registerActor } from "./dispatchers/actor.ts";
import { registerCollections } from "./dispatchers/collections.ts";
import { registerNodeInfo } from "./dispatchers/node-info.ts";
import { registerInbox } from "./inbox/listeners.ts";
import { InboxQueue } from "./inbox-queue.ts";
import { admit } from "./inbound-door.ts";
import { loadContext } from "../net/contexts.ts";
import { signAsInstance } from "./sign.ts";

const logger = getLogger(["artdag", "federation"]);

/** The part of the server that speaks ActivityPub. */
export interface FederationServer {
  readonly federation: Federation<FederationContext>;
  /** Answers a request for an actor, a collection, WebFinger or NodeInfo; `undefined` where it is for none of them. */
  serve(request: Request): Promise<Response | undefined>;
  /** Takes an activity at an inbox. */
  receive(request: Request): Promise<Response>;
}

/** Sets up Fedify. Everything that leaves goes through the outbound door; contexts never come from the network. */
export function createFederationServer(context: FederationContext, kv: KvStore): FederationServer {
  const { paths, documents, keys, jobs } = context;
  // Fedify looks at an actor's document for every activity; five minutes old is new enough for that.
  const fetched = documents.loader((request) => signAsInstance(keys, paths, request));
  const cached = kvCache({ loader: fetched, kv });
  const loader = () => cached;
  const verification = { documentLoader: cached, contextLoader: loadContext, timeWindow: { hours: 1 } };
  const federation = createFederation<FederationContext>({
    kv,
    queue: { inbox: new InboxQueue(jobs) },
    manuallyStartQueue: true,
    origin: paths.origin,
    documentLoaderFactory: loader,
    contextLoaderFactory: () => loadContext,
    authenticatedDocumentLoaderFactory: loader,
    signatureTimeWindow: verification.timeWindow,
  });
  registerActor(federation);
  registerCollections(federation);
  registerNodeInfo(federation);
  registerInbox(federation);

  return {
    federation,
    async serve(request) {
      const asked = clarifyRequest(request, paths.actor(instanceKeyName));
      if (asked == null) return undefined;
      let found = true;
      const response = await federation.fetch(asked, {
        contextData: context,
        onNotFound: () => {
          found = false;
          return new Response(null, { status: 404 });
        },
      });
      return found ? response : undefined;
    },
    async receive(request) {
      const result = await admit(request, paths.origin);
      if (result.type === "refused") return refuse(result.problem);
      try {
        // A proof or an LD signature in the body does not stand in for the HTTP signature, as it does for Fedify.
        if (result.provedOtherwise && (await verifyRequest(result.request.clone(), verification)) == null) {
          return refuse(describeProblem(401, "The HTTP signature is not valid."));
        }
        return await federation.fetch(result.request, { contextData: context });
      } catch (error) {
        logger.warn("An activity could not be verified: {error}", { error });
        const detail = "The signature could not be verified now. Send the activity again later.";
        return problemResponse(describeProblem(503, detail), { "Retry-After": "300" });
      }
    },
  };
}

function refuse(problem: ProblemDetails): Response {
  logger.debug("An activity was refused: {detail}", { detail: problem.detail });
  return problemResponse(problem);
}

/**
 * The request as Fedify is to see it. WebFinger is asked for handles in several spellings, which mean one actor; and the
 * server's own actor has one address only, while Fedify serves it, as `twin`, at a user's address too.
 */
function clarifyRequest(request: Request, twin: string): Request | undefined {
  const url = new URL(request.url);
  const resource = url.searchParams.get("resource");
  if (request.url.startsWith(twin) || resource?.startsWith(twin) === true) return undefined;
  const handle = resource == null ? undefined : parseHandle(resource);
  if (url.pathname !== "/.well-known/webfinger" || handle == null) return request;
  url.searchParams.set("resource", `acct:${foldUsername(handle.username)}@${handle.host}`);
  return new Request(url, { headers: request.headers });
}
