import type { KeyRing } from "../accounts/key-ring.ts";
import type { Paths } from "../core/paths.ts";
import type { Database } from "../db/schema.ts";
import type { Documents } from "../net/documents.ts";
import type { Door } from "../net/door.ts";
import type { RegistryContext } from "../registry/context.ts";
import type { BlockList } from "./block-list.ts";
import type { InboundLimits } from "./inbox-limits.ts";
import type { Jobs } from "./jobs.ts";

/** What dispatchers, listeners and workers are given. */
export interface FederationContext {
  readonly db: Database;
  readonly paths: Paths;
  readonly keys: KeyRing;
  readonly door: Door;
  readonly documents: Documents;
  readonly jobs: Jobs;
  readonly registry: RegistryContext;
  readonly version: string;
  readonly limits: InboundLimits;
  /** What is blocked for the whole server. */
  readonly blocked: BlockList;
  /** Whether strangers may register, as NodeInfo tells. */
  readonly registrationOpen: boolean;
}
