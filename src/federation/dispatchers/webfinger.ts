import type { Federatable } from "@fedify/fedify";
import { formatHandle, parseHandle } from "../../core/handle.ts";
import type { Paths } from "../../core/paths.ts";
import { foldUsername } from "../../core/username.ts";
import type { FederationContext } from "../context.ts";

const subscribe = "http://ostatus.org/schema/1.0/subscribe";

/** Adds to Fedify's WebFinger the address at which people of this server follow what they found elsewhere. */
export function registerWebFinger(federation: Federatable<FederationContext>): void {
  federation.setWebFingerLinksDispatcher(({ data }) => [
    { rel: subscribe, template: data.paths.interactionTemplate },
  ]);
}

/**
 * The one spelling of a WebFinger resource under which its actor has one subject: `acct:user@host`, whatever the case
 * of the name and whether it was asked for as `acct:user@host`, `@user@host` or by the actor's URL. What is none of
 * these is given back as it is.
 */
export function canonicalizeResource(paths: Paths, resource: string): string {
  const handle = parseHandle(resource) ?? parseActor(paths, resource);
  if (handle == null) return resource;
  return `acct:${formatHandle({ ...handle, username: foldUsername(handle.username) }).slice(1)}`;
}

function parseActor(paths: Paths, resource: string) {
  const url = URL.parse(resource);
  if (url == null || url.origin !== paths.origin || url.search !== "" || url.hash !== "") return undefined;
  if (url.href === paths.instanceActor) return { username: new URL(paths.origin).hostname, host: paths.host };
  const username = /^\/(?:users\/|@)([^/]+)$/.exec(url.pathname)?.[1];
  return username == null ? undefined : { username, host: paths.host };
}
