import { createFederation, type Federation, kvCache } from "@fedify/fedify";
import { instanceKeyName } from "../accounts/key-files.ts";
import type { Paths } from "../core/paths.ts";
import { type FindFetchProblem, findFetchProblem } from "./authorized-fetch.ts";
import type { FederationContext } from "./context.ts";
import { registerActor } from "./dispatchers/actor.ts";
import { registerCollections } from "./dispatchers/collections.ts";
import { registerFeatured } from "./dispatchers/featured.ts";
import { registerNodeInfo } from "./dispatchers/node-info.ts";
import { canonicalizeResource, registerWebFinger } from "./dispatchers/webfinger.ts";
import { registerInbox } from "./inbox/listeners.ts";
import { createRemoteKeys } from "./inbound-keys.ts";
import { createReceiver, type Receive } from "./inbound-receive.ts";
import { InboxQueue } from "./inbox-queue.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { loadContext } from "../net/contexts.ts";
import { signAsInstance } from "./sign.ts";

/** The part of the server that speaks ActivityPub. */
export interface FederationServer {
  readonly federation: Federation<FederationContext>;
  /** Answers a request for an actor, a collection, WebFinger or NodeInfo; `undefined` where it is for none of them. */
  serve(request: Request): Promise<Response | undefined>;
  /** Takes an activity at an inbox. */
  readonly receive: Receive;
  readonly findFetchProblem: FindFetchProblem;
}

/** Sets up Fedify. Everything that leaves goes through the outbound door; contexts never come from the network. */
export function createFederationServer(context: FederationContext, kv: KeyValueStore): FederationServer {
  const { paths, documents, keys, jobs } = context;
  // For what listeners ask of Fedify, five minutes old is new enough.
  const fetched = documents.loader((request) => signAsInstance(keys, paths, request));
  const cached = kvCache({ loader: fetched, kv });
  const remoteKeys = createRemoteKeys(kv, fetched);
  const loader = () => cached;
  const federation = createFederation<FederationContext>({
    kv,
    queue: { inbox: new InboxQueue(jobs) },
    manuallyStartQueue: true,
    origin: paths.origin,
    documentLoaderFactory: loader,
    contextLoaderFactory: () => loadContext,
    authenticatedDocumentLoaderFactory: loader,
    // Every signature is verified before, once, by the receiver below, whose answers say more than Fedify's.
    skipSignatureVerification: true,
  });
  registerActor(federation);
  registerCollections(federation);
  registerFeatured(federation);
  registerWebFinger(federation);
  registerNodeInfo(federation);
  registerInbox(federation);

  return {
    federation,
    async serve(request) {
      const asked = clarifyRequest(request, paths);
      // What is posted comes through `receive`, which alone verifies signatures.
      if (asked == null || asked.method !== "GET") return undefined;
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
    receive: createReceiver(context, remoteKeys, (request) =>
      federation.fetch(request, { contextData: context }),
    ),
    findFetchProblem: (request) => findFetchProblem({ ...context, keys: remoteKeys }, request),
  };
}

/**
 * The request as Fedify is to see it. WebFinger is asked for handles in several spellings, which mean one actor; and the
 * server's own actor has one address only, while Fedify serves it, as `twin`, at a user's address too.
 */
function clarifyRequest(request: Request, paths: Paths): Request | undefined {
  const twin = paths.actor(instanceKeyName);
  const url = new URL(request.url);
  const resource = url.searchParams.get("resource");
  if (request.url.startsWith(twin) || resource?.startsWith(twin) === true) return undefined;
  if (url.pathname !== "/.well-known/webfinger" || resource == null) return request;
  url.searchParams.set("resource", canonicalizeResource(paths, resource));
  return new Request(url, { headers: request.headers });
}
