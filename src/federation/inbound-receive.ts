import { getLogger } from "@logtape/logtape";
import { asObject, type JsonObject } from "../claims/json.ts";
import { findClientAddress } from "../core/client-address.ts";
import { describeProblem, problemResponse } from "../core/problem.ts";
import { findRemoteActor } from "../db/remote-actors.ts";
import { findUser } from "../db/users.ts";
import { forgetActor } from "../registry/forget-actor.ts";
import type { FederationContext } from "./context.ts";
import { readMeaning, reduceForeign } from "./inbound-activity.ts";
import { admit, type DoorResult } from "./inbound-door.ts";
import { toEssence } from "./inbound-essence.ts";
import type { RemoteKeys } from "./inbound-keys.ts";
import { verifySignature } from "./inbound-signature.ts";
import { createInboxLimits } from "./inbox-limits.ts";

type Admitted = Extract<DoorResult, { type: "admitted" }>;

/**
 * Takes activities at an inbox. `peer` is the address that the connection is from.
 *
 * | answer           |                                                                                          |
 * | ---------------- | ---------------------------------------------------------------------------------------- |
 * | 202              | taken, or of a type that means nothing here and ignored; or a `Delete` by somebody we     |
 * |                  | never met or whose key is gone, which is dropped                                           |
 * | 400 408 413 415  | no activity that can be read                                                               |
 * | 401              | the signature is missing, covers too little, is wrong, or made with nobody's key            |
 * | 403              | the signer may not                                                                         |
 * | 404              | there is no such inbox                                                                     |
 * | 410              | the inbox is of an account that was deleted                                                |
 * | 429              | too much of this kind; with `Retry-After`                                                  |
 * | 503              | the key's server, or something of ours, can't be asked now; with `Retry-After`              |
 */
export type Receive = (request: Request, peer: string | undefined) => Promise<Response>;

const logger = getLogger(["artdag", "federation", "inbox"]);

/** What is larger counts as several, since it takes as many times as long to read. In bytes. */
const usualSize = 8192;

/** Statuses of requests that may be part of a flood. */
const unwelcome: ReadonlySet<number> = new Set([400, 401, 403, 408, 413, 415, 503]);

/** Creates what takes activities. `dispatch` is given what listeners read of those that are verified. */
export function createReceiver(
  context: Pick<FederationContext, "db" | "paths" | "limits" | "blocked">,
  keys: RemoteKeys,
  dispatch: (request: Request) => Promise<Response>,
): Receive {
  const { db, paths, limits } = context;
  const { perHost, newActors, refused } = createInboxLimits(limits);

  async function take(request: Request): Promise<Response> {
    const result = await admit(request, paths.origin, { uploadTime: limits.uploadSeconds * 1000 });
    if (result.type === "refused") return problemResponse(result.problem);
    if (await isGone(request)) return refuse(410, "This account was deleted.");
    if (await context.blocked.has(result.actor)) return refuse(403, "The actor is blocked here.");
    const known = (await findRemoteActor(db, result.actor)) != null;
    if (isDelete(result.document) && !known) return new Response(null, { status: 202 });
    const wait = known ? undefined : await newActors.check(result.actor);
    if (wait != null) return answerTooMany(wait);
    return (await refuseSigner(result)) ?? (await hand(result, known));
  }

  /** Whether it is the inbox of somebody who has deleted his account. */
  async function isGone({ url }: Request): Promise<boolean> {
    const { pathname } = new URL(url);
    const username = /^\/users\/([^/]+)\/inbox$/.exec(pathname)?.[1];
    return username != null && (await findUser(db, username))?.deleted != null;
  }

  /** Who is verified and may. */
  async function refuseSigner(admitted: Admitted): Promise<Response | undefined> {
    const { request, keyId, document, actor, id, size } = admitted;
    const signature = await verifySignature(keys, request, keyId);
    switch (signature.type) {
      case "gone":
        if (!isDelete(document)) return refuse(401, "The key of the signature is not there.");
        if (signature.forGood && isFarewell(admitted)) await forgetActor(db, { id, actor });
        return new Response(null, { status: 202 });
      case "invalid":
        return refuse(401, "The HTTP signature is not valid, or its key is no actor's.");
      case "unreachable":
        return refuse(
          503,
          "The key of the signature could not be fetched. Send it again later.",
          signature.seconds,
        );
      case "verified": {
        const wait = await perHost.take(keyId.hostname, 1 + Math.floor(size / usualSize));
        if (wait != null) return answerTooMany(wait);
        return signature.owner === actor ? undefined : refuse(403, "The signer is not the activity's actor.");
      }
    }
  }

  /** Hands over what is verified; of what nothing here can read, only that it was there. Strangers are counted. */
  async function hand(admitted: Admitted, known: boolean): Promise<Response> {
    const { request, actor } = admitted;
    const essence = toEssence(admitted.document);
    const meaning = await readMeaning(admitted.document, essence, admitted);
    if (meaning === "other") {
      return refuse(400, "The activity can't be read, or its context gives its names another meaning.");
    }
    const wait = known ? undefined : await newActors.take(actor);
    if (wait != null) return answerTooMany(wait);
    const { url, method, headers } = request;
    const body = JSON.stringify(meaning === "foreign" ? reduceForeign(admitted) : essence);
    const response = await dispatch(new Request(url, { method, headers, body }));
    if (response.status < 400) return response;
    // Whatever fails inside says nothing about the activity.
    return response.status < 500 ? refuse(response.status, await response.text()) : answerFailure();
  }

  return async (request, peer) => {
    const forwarded = request.headers.get("x-forwarded-for");
    const address = findClientAddress(peer, forwarded, limits.trustedProxies);
    const wait = await refused.check(address);
    if (wait != null) return answerTooMany(wait);
    const response = await take(request).catch((error: unknown) => {
      logger.warn("An activity could not be taken: {error}", { error });
      return answerFailure();
    });
    if (unwelcome.has(response.status)) await refused.take(address);
    if (response.status >= 400)
      logger.debug("An activity was refused: {status}", { status: response.status });
    return response;
  };
}

function isDelete({ type }: JsonObject): boolean {
  return type === "Delete" || (Array.isArray(type) && type.includes("Delete"));
}

/**
 * Whether an actor deletes itself, with a key that stands in its own document. Where that is gone for good no signature
 * can be verified any more, and none is needed: the actor's own address says the same, which nobody else can make it do.
 */
function isFarewell({ document, actor, keyId }: Admitted): boolean {
  const address = new URL(keyId);
  address.hash = "";
  const { object } = document;
  return address.href === actor && (asObject(object)?.["id"] ?? object) === actor;
}

function answerTooMany(seconds: number): Response {
  return refuse(429, "This is more than is taken. Send it again later.", seconds);
}

function answerFailure(): Response {
  return refuse(503, "The activity could not be taken now. Send it again later.", 300);
}

function refuse(status: number, detail: string, retryAfter?: number): Response {
  const headers = retryAfter == null ? undefined : { "Retry-After": String(retryAfter) };
  return problemResponse(describeProblem(status, detail), headers);
}
