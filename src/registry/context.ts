import type { JsonObject } from "../claims/json.ts";
import type { Paths } from "../core/paths.ts";
import type { Database, Transaction, UserRow } from "../db/schema.ts";
import type { MediaFiles } from "./media-files.ts";

/** An activity that is to be sent, as the bytes that are sent. */
export interface Publication {
  readonly iri: string;
  readonly userId: number;
  /** The stored text of the document. */
  readonly document: string;
  readonly created: Date;
  /** The activity of the log with which it was made. */
  readonly activityIndex?: number;
  /** For what makes, changes or deletes a Note: the index of the claim that the Note shows. */
  readonly noteIndex?: number;
  /** A remote actor it is for; absent: all followers of the user. */
  readonly recipientId?: number;
  /** Whether it goes to the followers too where it has a recipient. */
  readonly toFollowers?: boolean;
}

/** What the registry's use cases work with. */
export interface RegistryContext {
  readonly db: Database;
  readonly paths: Paths;
  /** The key of the hashes under which withdrawn addresses are kept. */
  readonly burnKey: Uint8Array;
  /** The images that are kept, on the disk. */
  readonly mediaFiles: MediaFiles;
  /** How many bytes of images a user may have kept. */
  readonly mediaQuota: number;
  /** Proves a document with the user's key. */
  sign(username: string, document: JsonObject, created: Date): Promise<JsonObject>;
  /** The document of a user's actor, whole. */
  describeActor(user: UserRow): Promise<JsonObject>;
  /** Stores an activity and has it delivered after the transaction. */
  publish(trx: Transaction, publication: Publication): Promise<void>;
  /** Has what is left of a deleted user erased after the transaction. */
  eraseLater(trx: Transaction, userId: number): Promise<void>;
}
