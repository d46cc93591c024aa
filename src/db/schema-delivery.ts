import type { Generated } from "kysely";
import type { Default } from "./column.ts";

/* The tables about what is sent out. The rest is in schema.ts. */

export interface Publications {
  id: Generated<number>;
  iri: string;
  user_id: number;
  /** The activity of the log with which it was made. */
  activity_index: number | null;
  /** The claim whose Note it makes, changes or deletes. */
  note_index: number | null;
  to_followers: Default<boolean>;
  /** One actor whom it is for, beside or instead of the followers. */
  recipient_id: number | null;
  /** `null` once it is erased. */
  document: string | null;
  /** Whether its deliveries are still to be made. */
  pending: Default<boolean>;
  /** The last follower for whom they have been made. */
  last_follower: Default<number>;
  /** Of a deletion, once they have been made for all followers: the last inbox that had the post. */
  last_inbox: string | null;
  created: Date;
}

export interface Deliveries {
  id: Generated<number>;
  publication_id: number;
  /** Who sends. */
  user_id: number;
  inbox: string;
  host: string;
  state: Default<"waiting" | "delivered" | "refused" | "given_up">;
  attempts: Default<number>;
  next_try: Default<Date>;
  last_error: string | null;
  created: Default<Date>;
  /** From when its tries count. */
  started: Default<Date>;
  delivered: Date | null;
}

/** Hosts that are left alone for a while. */
export interface DeliveryHosts {
  host: string;
  failures: Default<number>;
  held_until: Date;
  last_error: string | null;
}

/** Inboxes that are left alone for a while, though their hosts are not. */
export interface DeliveryInboxes {
  inbox: string;
  host: string;
  failures: Default<number>;
  held_until: Date;
  last_error: string | null;
}
