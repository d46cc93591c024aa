import type {
  ColumnType,
  Generated,
  Insertable,
  Kysely,
  Selectable,
  Transaction as KyselyTransaction,
} from "kysely";
import type { Default } from "./column.ts";
import type {
  Attempts,
  Invites,
  Settings,
  SignIns,
  Tokens,
  UserRenderers,
  Users,
} from "./schema-accounts.ts";
import type { Deliveries, DeliveryHosts, DeliveryInboxes, Publications } from "./schema-delivery.ts";
import type { LineageEdges } from "./schema-lineage.ts";
import type { Media, Previews } from "./schema-media.ts";
import type {
  FollowerCounts,
  Followers,
  Following,
  Interactions,
  Reactions,
  ReceivedActivities,
  RemoteActors,
  RemoteClaims,
  RemotePosts,
  Reports,
} from "./schema-remote.ts";
import type { Runs } from "./schema-runs.ts";

type Json = ColumnType<unknown, string | null, string | null>;

interface Log {
  only_row: Default<boolean>;
  size: number;
  /** How many assets there are: kept by triggers. */
  assets: Default<number>;
}

export type ActivityType = "Create" | "Update" | "Delete" | "Announce" | "Undo";

interface Activities {
  index: number;
  user_id: number;
  type: ActivityType;
  /** For an Update or a Delete: the claim that it is about. */
  claim_index: number | null;
  /** The exact bytes, as text; `null` once it is erased. */
  document: string | null;
  /** RFC 6962 leaf hash of a document that was erased. */
  leaf_hash: Buffer | null;
  created: Date;
}

interface Assets {
  id: Generated<number>;
  name: string;
  hash_algorithm: "sha3-256" | "cid";
  content_hash: string;
  asset_type: "image" | "video" | "audio" | "recipe" | "effect" | "infrastructure" | "other";
  user_id: number;
  activity_index: number;
  /** The newest activity about it: its claim, or the last Update. */
  latest_index: number;
  /** Whether somebody had claimed the hash before. */
  later_claim: boolean;
  tags: Default<string[]>;
  metadata: Json;
  description: string | null;
  url: string | null;
  media_type: string | null;
  width: number | null;
  height: number | null;
  duration: number | null;
  alt: string | null;
  blurhash: string | null;
  preview_url: string | null;
  license: string | null;
  language: string | null;
  sensitive: Default<boolean>;
  content_warning: string | null;
  post: "public" | "unlisted" | "none";
  /** How it came to be, as the claim states it. */
  provenance: Json;
  created: Date;
  updated: Date | null;
}

interface Burnt {
  /** HMAC-SHA256 of an address that is never given again. */
  digest: Buffer;
  created: Default<Date>;
}

interface Shares {
  id: Generated<number>;
  user_id: number;
  /** The Note that is shared, local or remote. */
  object_iri: string;
  /** The Announce. */
  activity_index: number;
  /** The remote author, who is told. */
  author_id: number | null;
  /** The asset whose post it is, where it is one of this server. */
  asset_id: number | null;
  created: Default<Date>;
}

interface Pins {
  id: Generated<number>;
  user_id: number;
  asset_id: number;
  created: Default<Date>;
}

interface Blocks {
  id: Generated<number>;
  /** `null`: the whole server's. */
  user_id: number | null;
  kind: "domain" | "actor";
  /** A normalised domain, or an actor's IRI. */
  target: string;
  reason: string | null;
  created: Default<Date>;
}

/** Every table, as the migrations leave it. */
export interface Tables {
  settings: Settings;
  users: Users;
  invites: Invites;
  tokens: Tokens;
  user_renderers: UserRenderers;
  attempts: Attempts;
  sign_ins: SignIns;
  log: Log;
  activities: Activities;
  assets: Assets;
  runs: Runs;
  lineage_edges: LineageEdges;
  burnt: Burnt;
  shares: Shares;
  pins: Pins;
  media: Media;
  previews: Previews;
  remote_actors: RemoteActors;
  followers: Followers;
  follower_counts: FollowerCounts;
  following: Following;
  publications: Publications;
  deliveries: Deliveries;
  delivery_hosts: DeliveryHosts;
  delivery_inboxes: DeliveryInboxes;
  received_activities: ReceivedActivities;
  remote_claims: RemoteClaims;
  remote_posts: RemotePosts;
  interactions: Interactions;
  reactions: Reactions;
  reports: Reports;
  blocks: Blocks;
}

/** Either the database or a transaction: what a query can be run on. */
export type Database = Kysely<Tables>;
export type Transaction = KyselyTransaction<Tables>;

export type UserRow = Selectable<Users>;
export type AssetRow = Selectable<Assets>;
export type NewAssetRow = Insertable<Assets>;
export type RemoteActorRow = Selectable<RemoteActors>;
export type NewRemoteActor = Insertable<RemoteActors>;
export type DeliveryRow = Selectable<Deliveries>;
export type ReportRow = Selectable<Reports>;
