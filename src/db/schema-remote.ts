import type { Generated } from "kysely";
import type { Default } from "./column.ts";

/*
 * The tables about actors of other servers: who they are, what they sent, what users here make of it. The rest is in
 * schema.ts.
 */

export interface RemoteActors {
  id: Generated<number>;
  iri: string;
  username: string | null;
  host: string;
  name: string | null;
  url: string | null;
  inbox: string;
  shared_inbox: string | null;
  followers: string | null;
  /** When its server said that it is no more. */
  gone: Date | null;
  fetched: Default<Date>;
}

export interface Followers {
  id: Generated<number>;
  user_id: number;
  actor_id: number;
  follow_iri: string;
  created: Default<Date>;
}

/** Kept by triggers on the followers. */
export interface FollowerCounts {
  user_id: number;
  count: number;
}

export interface Following {
  id: Generated<number>;
  user_id: number;
  actor_id: number;
  follow_iri: string;
  accepted: Date | null;
  created: Default<Date>;
}

export interface ReceivedActivities {
  actor_iri: string;
  activity_iri: string;
  received: Default<Date>;
}

export interface RemoteClaims {
  id: Generated<number>;
  iri: string;
  actor_id: number;
  content_hash: string;
  document: string;
  /** What lists tell of it, as JSON text. */
  summary: string | null;
  /** When its server answered that it is gone. */
  withdrawn: Date | null;
  /** The Multikey with which it was verified; `null` of those that were verified before it was kept. */
  public_key: string | null;
  fetched: Default<Date>;
}

export interface RemotePosts {
  id: Generated<number>;
  iri: string;
  actor_id: number;
  url: string | null;
  content: string;
  claim_iri: string | null;
  /** The claim behind it, once it is fetched and verified. */
  claim_id: number | null;
  /** Whether it is addressed to everybody, not to the followers of its author alone. */
  public: Default<boolean>;
  published: Date;
  updated: Date | null;
  received: Default<Date>;
}

export interface Interactions {
  id: Generated<number>;
  kind: "like" | "share" | "reply";
  /** The Like or the Announce; the Note of a reply. */
  iri: string;
  actor_id: number;
  asset_id: number;
  /** HTML of a reply, not to be trusted. */
  content: string | null;
  url: string | null;
  published: Date;
  updated: Date | null;
  received: Default<Date>;
}

export interface Reactions {
  id: Generated<number>;
  user_id: number;
  kind: "like" | "reply";
  /** The Note that is liked or replied to, local or remote. */
  object_iri: string;
  /** Whose post it is, where it is one of this server. */
  asset_id: number | null;
  /** The remote author, who is told. */
  recipient_id: number | null;
  /** The Like; the Note of a reply. */
  iri: string;
  /** Plain text of a reply. */
  content: string | null;
  /** The Note of a reply as its exact bytes. */
  document: string | null;
  created: Default<Date>;
  undone: Date | null;
}

export interface Reports {
  id: Generated<number>;
  actor_iri: string;
  objects: string[];
  content: string | null;
  created: Default<Date>;
  resolved: Date | null;
}
