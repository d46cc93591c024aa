import { DoorError, type Door, type DoorResponse } from "./door.ts";
import { essence, isActivityType } from "./media-type.ts";

/** A fediverse handle, `@username@host`; the host may have a port. */
export interface RemoteHandle {
  username: string;
  host: string;
}

/**
 * - `handle`: not a user name and a host
 * - `unreachable`: the host gave no usable answer
 * - `no_user`: the host does not know the user
 * - `no_actor`: the host knows the user, but names no ActivityPub actor
 */
export type WebFingerReason = "handle" | "unreachable" | "no_user" | "no_actor";

/** A handle that leads to no actor. The message is fit for the user who entered the handle. */
export class WebFingerError extends Error {
  override readonly name = "WebFingerError";
  readonly reason: WebFingerReason;

  constructor(reason: WebFingerReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Enough for every known server, whose answers have about 1 KB. */
const maxBytes = 64 * 1024;

/**
 * Looks up the actor of a handle by WebFinger (RFC 7033).
 *
 * Fedify's own look-up insists on https and refuses `localhost`.
 *
 * @param options.http Ask by http before https, and take an http actor: for a server that runs on loopback itself.
 * @returns The actor's id as its host gives it, not fetched yet.
 * @throws {WebFingerError}
 */
export async function resolveHandle(
  door: Door,
  handle: RemoteHandle,
  options: { http: boolean },
): Promise<URL> {
  const { url, links } = await fetchLinks(door, handle, options);
  const actor = findActor(links, options.http);
  if (actor == null) {
    throw new WebFingerError("no_actor", `${handle.username}@${url.host} is no ActivityPub actor.`);
  }
  return actor;
}

/**
 * The links that a handle's host gives for it, not checked yet, and the address that was asked.
 *
 * @param options.http Ask by http before https.
 * @throws {WebFingerError}
 */
export async function fetchLinks(
  door: Door,
  handle: RemoteHandle,
  options: { http: boolean },
): Promise<{ url: URL; links: readonly unknown[] }> {
  const { url, answer } = await ask(door, handle, options.http ? ["http:", "https:"] : ["https:"]);
  const { status } = answer;
  // Servers answer 400 for names that cannot be theirs.
  if (status === 400 || status === 404 || status === 410) {
    throw new WebFingerError("no_user", `${url.host} knows no user ${JSON.stringify(handle.username)}.`);
  }
  if (status < 200 || status > 299) throw unreachable(url, `it answered with HTTP status ${status}`);
  return { url, links: parseLinks(url, answer) };
}

function getWebFingerUrl({ username, host }: RemoteHandle, protocol: string): URL {
  const origin = URL.parse(`${protocol}//${host}`);
  if (username === "" || /[\s@/]/u.test(username) || origin == null || !isHostOnly(origin, host)) {
    throw new WebFingerError("handle", "A handle looks like @name@server.example.");
  }
  const url = new URL("/.well-known/webfinger", origin);
  url.search = `?resource=${encodeURIComponent(`acct:${username}@${origin.host}`)}`;
  return url;
}

function isHostOnly(origin: URL, host: string): boolean {
  return origin.href === `${origin.origin}/` && !/[\\/?#@\s]/u.test(host);
}

async function ask(
  door: Door,
  handle: RemoteHandle,
  [protocol = "https:", ...others]: readonly string[],
): Promise<{ url: URL; answer: DoorResponse }> {
  const url = getWebFingerUrl(handle, protocol);
  try {
    const headers = { accept: "application/jrd+json, application/json" };
    return { url, answer: await door.fetch(url, { headers, maxBytes }) };
  } catch (cause) {
    if (!(cause instanceof DoorError)) throw cause;
    if (others.length > 0) return await ask(door, handle, others);
    throw unreachable(url, cause.detail, cause);
  }
}

function parseLinks(url: URL, answer: DoorResponse): readonly unknown[] {
  const type = essence(answer.headers.get("content-type"));
  if (type !== "application/jrd+json" && type !== "application/json") {
    throw unreachable(url, "its answer is not WebFinger's");
  }
  try {
    const json: unknown = JSON.parse(answer.text());
    const links = typeof json === "object" && json != null && "links" in json ? json.links : [];
    return Array.isArray(links) ? links : [];
  } catch (cause) {
    throw unreachable(url, "its answer is not JSON", cause);
  }
}

function findActor(links: readonly unknown[], http: boolean): URL | undefined {
  for (const link of links) {
    if (typeof link !== "object" || link == null) continue;
    const { rel, type, href } = link as Record<string, unknown>;
    if (rel !== "self" || typeof type !== "string" || typeof href !== "string" || !isActivityType(type))
      continue;
    const actor = URL.parse(href);
    const permitted = actor?.protocol === "https:" || (http && actor?.protocol === "http:");
    if (actor != null && permitted && actor.username === "" && actor.password === "") return actor;
  }
  return undefined;
}

function unreachable(url: URL, why: string, cause?: unknown): WebFingerError {
  return new WebFingerError("unreachable", `${url.host} cannot be asked for its users: ${why}.`, { cause });
}
