import type { JsonObject } from "../claims/json.ts";
import type { Paths } from "../core/paths.ts";
import type { Database, Transaction } from "../db/schema.ts";

/** An activity that is to be sent, as the bytes that are sent. */
export interface Publication {
  readonly iri: string;
  readonly userId: number;
  /** The stored text of the document. */
  readonly document: string;
  readonly created: Date;
  /** For a post: the index of the claim that it shows. */
  readonly activityIndex?: number;
  /** The one remote actor it is for; absent: all followers of the user. */
  readonly recipientId?: number;
}

/** What the registry's use cases work with. */
export interface RegistryContext {
  readonly db: Database;
  readonly paths: Paths;
  /** Proves a document with the user's key. */
  sign(username: string, document: JsonObject, created: Date): Promise<JsonObject>;
  /** Stores an activity and has it delivered after the transaction. */
  publish(trx: Transaction, publication: Publication): Promise<void>;
}
