import { parseHandle } from "../core/handle.ts";
import type { Door } from "./door.ts";
import { createHostRate } from "./host-rate.ts";
import { fetchLinks, WebFingerError } from "./webfinger.ts";

const subscribe = "http://ostatus.org/schema/1.0/subscribe";

export type SubscribeResult =
  | { readonly type: "found"; readonly url: URL }
  /** Says why, as the rest of a sentence that begins with the handle, without a full stop. */
  | { readonly type: "not_found"; readonly reason: string };

/** Finds the address at which the owner of a handle follows an actor from his own server. */
export type FindSubscribeUrl = (handle: string, actor: string) => Promise<SubscribeResult>;

export interface SubscribeOptions {
  /** Ask by http before https, and take an http address: for a server that runs on loopback itself. */
  readonly http: boolean;
  /** How often a host is asked, at most; anybody may make this server ask. */
  readonly perMinute?: number;
}

/**
 * Creates what finds it by WebFinger: the template that the server of the handle gives, or else the page that most
 * servers have. The address may lead to another host than the handle's.
 */
export function createSubscribeFinder(door: Door, options: SubscribeOptions): FindSubscribeUrl {
  const takeTurn = createHostRate({ perMinute: options.perMinute ?? 30, hosts: 10_000, now: Date.now });
  return async (text, actor) => {
    const handle = parseHandle(text);
    if (handle == null) {
      return { type: "not_found", reason: "must be your own handle, such as @name@server.example" };
    }
    if (!takeTurn(handle.host)) {
      return { type: "not_found", reason: `can't be looked up: ${handle.host} was asked too often just now` };
    }
    try {
      const { url, links } = await fetchLinks(door, handle, options);
      const usual = new URL(`/authorize_interaction?uri=${encodeURIComponent(actor)}`, url);
      return { type: "found", url: findTemplate(links, actor, options.http) ?? usual };
    } catch (error) {
      if (!(error instanceof WebFingerError)) throw error;
      return { type: "not_found", reason: `can't be found: ${error.message.replace(/\.$/, "")}` };
    }
  };
}

function findTemplate(links: readonly unknown[], actor: string, http: boolean): URL | undefined {
  for (const link of links) {
    if (typeof link !== "object" || link == null) continue;
    const { rel, template } = link as Record<string, unknown>;
    if (rel !== subscribe || typeof template !== "string" || !template.includes("{uri}")) continue;
    const target = URL.parse(template.replaceAll("{uri}", encodeURIComponent(actor)));
    const permitted = target?.protocol === "https:" || (http && target?.protocol === "http:");
    if (target != null && permitted && target.username === "" && target.password === "") return target;
  }
  return undefined;
}
