import type { ContentHash } from "./content-hash.ts";
import { isUsername } from "./username.ts";

/** Every URL of a server. Nothing else in the house puts URLs together. */
export interface Paths {
  readonly origin: string;
  /** Host with its port, as it stands in handles. */
  readonly host: string;
  actor(username: string): string;
  inbox(username: string): string;
  readonly sharedInbox: string;
  outbox(username: string): string;
  followers(username: string): string;
  following(username: string): string;
  readonly instanceActor: string;
  /** The object of the claim at `index`; the first claim to a hash has the address without the index. */
  object(hash: Pick<ContentHash, "value">, laterIndex?: number): string;
  activity(index: number): string;
  note(index: number): string;
  /** The `Create` that carries the note. */
  post(index: number): string;
  /** The JSON of an asset; `assetPage` is the page about it. */
  asset(name: string): string;
  assetPage(name: string): string;
  tag(tag: string): string;
  /** The id of an activity that has no address of its own, under its actor's URL. */
  fragment(username: string, kind: string, key: string): string;
}

/** Local parts of the URLs, for routes and links. */
export const local = {
  actor: (username: string) => `/users/${username}`,
  asset: (name: string) => `/assets/${encodeURIComponent(name)}`,
  assetPage: (name: string) => `/asset/${encodeURIComponent(name)}`,
  activity: (index: number) => `/activities/${index}`,
  object: (hash: string) => `/objects/${hash}`,
  tag: (tag: string) => `/assets?tag=${encodeURIComponent(tag)}`,
};

/** The addresses of the server at `origin` (no trailing slash). */
export function createPaths(origin: string): Paths {
  const actor = (username: string) => origin + local.actor(username);
  return {
    origin,
    host: new URL(origin).host,
    actor,
    inbox: (username) => `${actor(username)}/inbox`,
    sharedInbox: `${origin}/inbox`,
    outbox: (username) => `${actor(username)}/outbox`,
    followers: (username) => `${actor(username)}/followers`,
    following: (username) => `${actor(username)}/following`,
    instanceActor: `${origin}/actor`,
    object: ({ value }, laterIndex) =>
      origin + local.object(value) + (laterIndex == null ? "" : `/${laterIndex}`),
    activity: (index) => origin + local.activity(index),
    note: (index) => `${origin}/notes/${index}`,
    post: (index) => `${origin}/notes/${index}#create`,
    asset: (name) => origin + local.asset(name),
    assetPage: (name) => origin + local.assetPage(name),
    tag: (tag) => origin + local.tag(tag),
    fragment: (username, kind, key) => `${actor(username)}#${kind}/${key}`,
  };
}

/** The username of a local actor's URL; `undefined` when the URL is no local actor's. */
export function parseActorUrl(paths: Paths, url: string): string | undefined {
  const prefix = `${paths.origin}/users/`;
  if (!url.startsWith(prefix)) return undefined;
  const username = url.slice(prefix.length);
  return isUsername(username) ? username : undefined;
}
