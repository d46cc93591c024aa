import type { Context as HonoContext } from "hono";
import type { KeyRing } from "../accounts/key-ring.ts";
import type { Session } from "../accounts/tokens.ts";
import type { Paths } from "../core/paths.ts";
import type { Database, NewRemoteActor } from "../db/schema.ts";
import type { FindSubscribeUrl } from "../net/subscribe.ts";
import type { RegistryContext } from "../registry/context.ts";

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

/** What the routes work with. */
export interface WebContext {
  readonly db: Database;
  readonly paths: Paths;
  readonly keys: KeyRing;
  readonly registry: RegistryContext;
  readonly origin: string;
  readonly jwtSecret: Uint8Array;
  readonly registration: "open" | "invite" | "closed";
  readonly l1Servers: readonly string[];
  readonly version: string;
  /** Whether documents are for signed requests of known servers only. */
  readonly authorizedFetch: boolean;
  /** How long sending a body may take, in milliseconds. */
  readonly uploadTime: number;
  /** For how many seconds an answer that is the same for everybody is given again; 0: each is made anew. */
  readonly cacheSeconds: number;
  readonly files: PublicFiles;
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
