import type { ContentHash } from "./content-hash.ts";
import { isUsername } from "./username.ts";

/** What others do with a note. */
export type NoteCollection = "likes" | "shares" | "replies";

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
  featured(username: string): string;
  /** Where what has the address that stands for `{uri}` is looked up by WebFinger. */
  readonly webFingerTemplate: string;
  /** Where people of this server see, and follow, what has the URL that stands for `{uri}`. */
  readonly interactionTemplate: string;
  readonly instanceActor: string;
  /** The object of the claim at `index`; the first claim to a hash has the address without the index. */
  object(hash: Pick<ContentHash, "value">, laterIndex?: number): string;
  activity(index: number): string;
  note(index: number): string;
  /** The `Create` that carries the note. */
  post(index: number): string;
  /** The `Update` of a note that goes with the activity at `update`. */
  noteUpdate(index: number, update: number): string;
  noteDelete(index: number): string;
  noteCollection(index: number, kind: NoteCollection): string;
  /** A user's reply to somebody's Note; `replyCreate` is the activity that carries it. */
  reply(username: string, key: string): string;
  replyCreate(username: string, key: string): string;
  /** The JSON of an asset; `assetPage` is the page about it. */
  asset(name: string): string;
  assetPage(name: string): string;
  /** What a renderer said of the run that made an asset. */
  assetRun(name: string): string;
  /** Our copy of a claim of another server. */
  claimCopy(iri: string): string;
  tag(tag: string): string;
  /** An image that this server keeps, by its hash. */
  media(hash: string): string;
  /** Where a provider, by which users sign in, sends them back to. */
  oauth(provider: string): string;
  /** The `Delete` of an actor. */
  actorDelete(username: string): string;
  /** The id of an activity that has no address of its own, under its actor's URL. */
  fragment(username: string, kind: string, key: string): string;
}

/** Local parts of the URLs, for routes and links. */
export const local = {
  actor: (username: string) => `/users/${username}`,
  reply: (username: string, key: string) => `/users/${username}/replies/${key}`,
  asset: (name: string) => `/assets/${encodeURIComponent(name)}`,
  assetPage: (name: string) => `/asset/${encodeURIComponent(name)}`,
  editAsset: (name: string) => `/asset/${encodeURIComponent(name)}/edit`,
  withdrawAsset: (name: string) => `/asset/${encodeURIComponent(name)}/withdraw`,
  assetRun: (name: string) => `/assets/${encodeURIComponent(name)}/run`,
  recordRun: "/renderers/record",
  lineage: (name: string) => `/assets/${encodeURIComponent(name)}/lineage`,
  lineagePage: (name: string) => `/asset/${encodeURIComponent(name)}/lineage`,
  claimCopy: (iri: string) => `/claims?id=${encodeURIComponent(iri)}`,
  deliveries: (name: string) => `/assets/${encodeURIComponent(name)}/deliveries`,
  activity: (index: number) => `/activities/${index}`,
  liveActivities: (after: number) => `/activities/live?after=${after}`,
  object: (hash: string) => `/objects/${hash}`,
  tag: (tag: string) => `/assets?tag=${encodeURIComponent(tag)}`,
  preview: (name: string) => `/assets/${encodeURIComponent(name)}/preview`,
  media: (hash: string) => `/media/${hash}`,
  interaction: (uri: string) => `/authorize_interaction?uri=${encodeQuery(uri)}`,
  oauth: (provider: string) => `/auth/oauth/${provider}`,
  beginOauth: (provider: string, query: Readonly<Record<string, string>>) =>
    [local.oauth(provider), new URLSearchParams(query).toString()].filter((part) => part !== "").join("?"),
  followRemote: (username: string, work: string) => `/follow?of=${username}&work=${encodeURIComponent(work)}`,
  signIn: (next: string) => `/login?next=${encodeQuery(next)}`,
  feed: "/feed.atom",
  userFeed: (username: string) => `/users/${username}/feed.atom`,
  oembed: (page: string) => `/oembed?format=json&url=${encodeQuery(page)}`,
  sitemap: "/sitemap.xml",
  /** A part of the sitemap: the works, or the users, of a range of indexes. */
  sitemapPart: (kind: "works" | "users", part: number) => `/sitemap/${kind}/${part}`,
};

/** More than `encodeURIComponent` escapes, so that the whole is a path to which one may be led after signing in. */
function encodeQuery(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** Addresses of a renderer, by its origin. */
export const renderer = {
  run: (l1Server: string, runId: string) => `${l1Server}/runs/${encodeURIComponent(runId)}`,
  cache: (l1Server: string, hash: string) => `${l1Server}/cache/${encodeURIComponent(hash)}`,
};

/** Where a renderer is handed a user's token; its origin is one of the configuration. */
export function rendererSignIn(l1Server: string, parameter: string, token: string): string {
  return `${l1Server}/auth?${new URLSearchParams({ [parameter]: token }).toString()}`;
}

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
    featured: (username) => `${actor(username)}/featured`,
    webFingerTemplate: `${origin}/.well-known/webfinger?resource={uri}`,
    interactionTemplate: `${origin}/authorize_interaction?uri={uri}`,
    instanceActor: `${origin}/actor`,
    object: ({ value }, laterIndex) =>
      origin + local.object(value) + (laterIndex == null ? "" : `/${laterIndex}`),
    activity: (index) => origin + local.activity(index),
    note: (index) => `${origin}/notes/${index}`,
    post: (index) => `${origin}/notes/${index}#create`,
    noteUpdate: (index, update) => `${origin}/notes/${index}#updates/${update}`,
    noteDelete: (index) => `${origin}/notes/${index}#delete`,
    noteCollection: (index, kind) => `${origin}/notes/${index}/${kind}`,
    reply: (username, key) => origin + local.reply(username, key),
    replyCreate: (username, key) => `${origin}${local.reply(username, key)}#create`,
    asset: (name) => origin + local.asset(name),
    assetPage: (name) => origin + local.assetPage(name),
    assetRun: (name) => origin + local.assetRun(name),
    claimCopy: (iri) => origin + local.claimCopy(iri),
    tag: (tag) => origin + local.tag(tag),
    media: (hash) => origin + local.media(hash),
    oauth: (provider) => origin + local.oauth(provider),
    actorDelete: (username) => `${actor(username)}#delete`,
    fragment: (username, kind, key) => `${actor(username)}#${kind}/${key}`,
  };
}

/** The index of a local note's URL; `undefined` when the URL is no local note's. */
export function parseNoteUrl(paths: Paths, url: string): number | undefined {
  const prefix = `${paths.origin}/notes/`;
  const index = url.startsWith(prefix) ? url.slice(prefix.length) : "";
  return /^(?:0|[1-9]\d{0,14})$/.test(index) ? Number(index) : undefined;
}

/** The name of the asset whose page or JSON has the URL; `undefined` when the URL is neither's. */
export function parseAssetUrl(paths: Paths, text: string): string | undefined {
  const url = URL.parse(text);
  const segment = /^\/assets?\/([^/]+)$/.exec(url?.pathname ?? "")?.[1];
  if (url?.origin !== paths.origin || segment == null) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The username of a local actor's URL; `undefined` when the URL is no local actor's. */
export function parseActorUrl(paths: Paths, url: string): string | undefined {
  const prefix = `${paths.origin}/users/`;
  if (!url.startsWith(prefix)) return undefined;
  const username = url.slice(prefix.length);
  return isUsername(username) ? username : undefined;
}

/** The hash in the URL of an image that this server keeps; `undefined` when the URL is none's. */
export function parseMediaUrl(paths: Paths, url: string): string | undefined {
  const prefix = `${paths.origin}/media/`;
  const hash = url.startsWith(prefix) ? url.slice(prefix.length) : "";
  return /^[0-9a-f]{64}$/.test(hash) ? hash : undefined;
}
