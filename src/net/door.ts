import { Agent, request as send, type Dispatcher } from "undici";
import { discardBody } from "./door-body.ts";
import { createConnector, systemLookup } from "./door-connect.ts";
import { DoorError, type DoorReason } from "./door-error.ts";
import { defaultLimits, type DoorOptions, type DoorRequestOptions } from "./door-options.ts";
import { checkUrl, nextUrl, redirectTarget } from "./door-redirect.ts";
import { redirected, signOutgoing, toHeaderRecord, toOutgoing } from "./door-request.ts";
import type { Outgoing } from "./door-request.ts";
import { toDoorError, toHeaders, toResponse, type DoorResponse } from "./door-response.ts";

export { DoorError, type DoorReason };
export type { Lookup } from "./door-connect.ts";
export type { DoorLimits, DoorOptions, DoorRequestOptions } from "./door-options.ts";
export type { DoorResponse } from "./door-response.ts";

/** The one way out: every HTTP request of this server is sent by a door. */
export interface Door {
  /**
   * Sends one request and reads its answer, within the door's limits.
   *
   * The body is sent byte for byte. `Host` follows from the URL. There are no cookies.
   *
   * @throws {DoorError} When no answer could be had. An HTTP error status is an answer.
   */
  fetch(input: Request | URL | string, options?: DoorRequestOptions): Promise<DoorResponse>;
  /** Lets running requests end, for at most `grace` milliseconds (default 5,000), then cuts connections. */
  close(grace?: number): Promise<void>;
}

/**
 * Creates a door with connections of its own; close it in the end.
 *
 * It connects to public unicast addresses only, checked after name resolution, and by https only, except where
 * the options say otherwise.
 */
export function createDoor(options: DoorOptions): Door {
  const limits = { ...defaultLimits, ...options.limits };
  const trusted = new Set((options.trustedOrigins ?? []).map((origin) => new URL(origin).origin));
  const mayReachPrivate = (origin: string): boolean => options.allowPrivate || trusted.has(origin);
  const dispatcher = new Agent({
    connect: createConnector({
      lookup: options.lookup ?? systemLookup,
      connector: options.connector,
      timeout: limits.connect,
      mayReachPrivate,
    }),
    headersTimeout: limits.headers,
    bodyTimeout: limits.idle,
  });

  const running = new Set<Cut>();

  /** One request: its answer, or where it redirects to. */
  async function exchange(
    hop: Outgoing,
    left: number,
    init: DoorRequestOptions,
    signal: AbortSignal,
  ): Promise<DoorResponse | URL> {
    const method = hop.method as Dispatcher.HttpMethod;
    const sent = { dispatcher, signal, method, headers: toHeaderRecord(hop.headers), body: hop.body };
    try {
      const answer = await send(hop.url, sent);
      const headers = toHeaders(answer.headers);
      const target = redirectTarget(answer.statusCode, headers);
      const { redirect = "follow" } = init;
      if (target == null || redirect === "manual" || (redirect === "follow" && !isSafe(method))) {
        return await toResponse(hop, answer, headers, init.maxBytes ?? limits.maxBytes, init.take);
      }
      discardBody(answer.body);
      return nextUrl(hop.url, target, redirect === "error" ? 0 : left);
    } catch (error) {
      throw toDoorError(error, hop.url);
    }
  }

  async function follow(
    first: Outgoing,
    init: DoorRequestOptions,
    signal: AbortSignal,
  ): Promise<DoorResponse> {
    let hop = first;
    for (let left = limits.maxRedirects; ; left--) {
      checkUrl(hop.url, mayReachPrivate(hop.url.origin));
      init.onHop?.(hop.url);
      const signed = init.sign == null ? hop : await signOutgoing(hop, init.sign);
      const outcome = await exchange(signed, left, init, signal);
      if (!(outcome instanceof URL)) return outcome;
      hop = redirected(hop, outcome);
    }
  }

  return {
    async fetch(input, init = {}) {
      const first = await toOutgoing(input, init, options.userAgent);
      const total = init.totalTimeout ?? limits.total;
      const deadline = new AbortController();
      const cut: Cut = (reason, message) => deadline.abort(new DoorError(reason, first.url, message));
      const message = `no complete answer within ${total} ms`;
      const timer = total === Infinity ? undefined : setTimeout(cut, total, "timeout", message);
      running.add(cut);
      try {
        // undici notices the signal only once it is connected.
        return await Promise.race([follow(first, init, deadline.signal), rejection(deadline.signal)]);
      } finally {
        clearTimeout(timer);
        running.delete(cut);
        // Ends what a refusal left half read; without effect on a complete answer.
        deadline.abort();
      }
    },
    async close(grace = 5_000) {
      // A dispatcher that is closing can't be destroyed any more, so that requests are ended one by one.
      const timer = setTimeout(() => {
        for (const cut of running) cut("network", "the server is closing");
      }, grace);
      await dispatcher.close().finally(() => clearTimeout(timer));
    },
  };
}

/** Ends a running request. */
type Cut = (reason: DoorReason, message: string) => void;

function rejection(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason));
  return promise;
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
