import type { Context as HonoContext } from "hono";
import type { AttemptLimits } from "../accounts/attempts.ts";
import type { KeyRing } from "../accounts/key-ring.ts";
import type { Provider } from "../accounts/oauth.ts";
import type { Passwords } from "../accounts/passwords.ts";
import type { Session } from "../accounts/tokens.ts";
import type { TokenKey } from "../accounts/token-key.ts";
import type { Limit } from "../core/limit.ts";
import type { Network } from "../core/client-address.ts";
import type { Paths } from "../core/paths.ts";
import type { Database, NewRemoteActor } from "../db/schema.ts";
import type { Probe } from "../net/probe.ts";
import type { FindSubscribeUrl } from "../net/subscribe.ts";
import type { RegistryContext } from "../registry/context.ts";
import type { LogWatcher } from "./watch-log.ts";
import type { RecordRunContext } from "../registry/record-run.ts";

/** A post of another server. */
export interface FoundPost {
  readonly url: string;
  readonly name: string | null;
  /** HTML, not to be trusted. */
  readonly content: string;
}

export type LookUpResult =
  | { readonly type: "found"; readonly actor: NewRemoteActor; readonly post: FoundPost | null }
  | { readonly type: "not_found"; readonly reason: string };

/** What a queue of jobs has to do, and what of it failed for good. */
export interface QueueItem {
  readonly name: string;
  readonly ready: number;
  readonly active: number;
  readonly deferred: number;
  readonly dead: number;
  readonly letters: readonly {
    readonly id: string;
    readonly created: Date;
    readonly attempts: number;
    readonly error: string | null;
  }[];
}

/** How much visitors may ask for, and whose word for their address is believed. */
export interface WebLimits extends AttemptLimits {
  readonly requestsPerAddress: number;
  readonly requestsPerUser: number;
  readonly trustedProxies: readonly Network[];
}

/** What the routes work with. */
export interface WebContext {
  readonly db: Database;
  readonly paths: Paths;
  readonly keys: KeyRing;
  readonly passwords: Passwords;
  readonly registry: RegistryContext;
  readonly recording: RecordRunContext;
  readonly origin: string;
  readonly jwtSecret: Uint8Array;
  readonly tokenKey: TokenKey;
  readonly registration: "open" | "invite" | "closed";
  readonly l1Servers: readonly string[];
  /** In which parameter of its address a renderer is handed a token. */
  readonly l1AuthParam: string;
  /** Those of the renderers whose tokens are for being verified once. */
  readonly l1OneTime: readonly string[];
  /** Finds out whether a renderer is there. */
  readonly probe: Probe;
  /** How often an address may ask about tokens. */
  readonly verifyLimit: Limit;
  readonly version: string;
  /** Whether documents are for signed requests of known servers only. */
  readonly authorizedFetch: boolean;
  /** How long sending a body may take, in milliseconds. */
  readonly uploadTime: number;
  readonly limits: WebLimits;
  /** By which users may sign in. */
  readonly providers: readonly Provider[];
  /** For how many seconds an answer that is the same for everybody is given again; 0: each is made anew. */
  readonly cacheSeconds: number;
  readonly files: PublicFiles;
  readonly logWatcher: LogWatcher;
  readonly queues: {
    list(): Promise<QueueItem[]>;
    /** Gives how many jobs are done again; `undefined` where there is no such queue. */
    sendAgain(name: string): Promise<number | undefined>;
  };
  /** Finds the actor whom a user means by a handle or a URL. */
  resolveActor(
    text: string,
  ): Promise<{ type: "resolved"; actor: NewRemoteActor } | { type: "not_resolved"; reason: string }>;
  /** Finds what a user of this server wants to see: an actor, or a post and its author. */
  lookUp(text: string): Promise<LookUpResult>;
  readonly findSubscribeUrl: FindSubscribeUrl;
  /** What of the server is not in order, each as a sentence; nothing when it is ready. */
  findFaults(): Promise<string[]>;
}

/** What is read from the disk once, at the start. */
export interface PublicFiles {
  readonly style: string;
  readonly islands: string;
  /** What hashes a file in the browser, beside the page. */
  readonly hashWorker: string;
  /** The README as HTML. */
  readonly readme: string;
}

export interface WebEnv {
  Variables: {
    web: WebContext;
    /** Of whoever is signed in. */
    session: Session | undefined;
  };
}

export type Context = HonoContext<WebEnv>;
