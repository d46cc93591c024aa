import type {
  ColumnType,
  Generated,
  Insertable,
  Kysely,
  Selectable,
  Transaction as KyselyTransaction,
} from "kysely";

type Default<T> = ColumnType<T, T | undefined, T>;
type Json = ColumnType<unknown, string | null, never>;

interface Settings {
  key: string;
  value: string;
  created: Default<Date>;
}

interface Users {
  id: Generated<number>;
  username: string;
  password_hash: string | null;
  email: string | null;
  admin: Default<boolean>;
  created: Default<Date>;
}

interface Invites {
  code_hash: string;
  created: Default<Date>;
  expires: Date;
  used: Date | null;
}

interface Tokens {
  id: string;
  user_id: number;
  created: Default<Date>;
  expires: Date;
  revoked: Date | null;
}

interface Log {
  only_row: Default<boolean>;
  size: number;
}

export type ActivityType = "Create" | "Update" | "Delete" | "Announce" | "Undo";

interface Activities {
  index: number;
  user_id: number;
  type: ActivityType;
  document: string;
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
  created: Date;
}

interface RemoteActors {
  id: Generated<number>;
  iri: string;
  username: string | null;
  host: string;
  name: string | null;
  url: string | null;
  inbox: string;
  shared_inbox: string | null;
  fetched: Default<Date>;
}

interface Followers {
  id: Generated<number>;
  user_id: number;
  actor_id: number;
  follow_iri: string;
  created: Default<Date>;
}

interface Following {
  id: Generated<number>;
  user_id: number;
  actor_id: number;
  follow_iri: string;
  accepted: Date | null;
  created: Default<Date>;
}

interface Publications {
  id: Generated<number>;
  iri: string;
  user_id: number;
  /** The claim that a post shows. */
  activity_index: number | null;
  /** Whom alone it is for; `null`: the user's followers. */
  recipient_id: number | null;
  document: string;
  created: Date;
}

interface Deliveries {
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
  delivered: Date | null;
}

interface DeliveryHosts {
  host: string;
  failures: Default<number>;
  held_until: Date;
}

interface ReceivedActivities {
  actor_iri: string;
  activity_iri: string;
  received: Default<Date>;
}

interface RemoteClaims {
  id: Generated<number>;
  iri: string;
  actor_id: number;
  content_hash: string;
  document: string;
  fetched: Default<Date>;
}

interface RemotePosts {
  id: Generated<number>;
  iri: string;
  actor_id: number;
  url: string | null;
  content: string;
  claim_iri: string | null;
  /** The claim behind it, once it is fetched and verified. */
  claim_id: number | null;
  published: Date;
  received: Default<Date>;
}

/** Every table, as the migrations leave it. */
export interface Tables {
  settings: Settings;
  users: Users;
  invites: Invites;
  tokens: Tokens;
  log: Log;
  activities: Activities;
  assets: Assets;
  remote_actors: RemoteActors;
  followers: Followers;
  following: Following;
  publications: Publications;
  deliveries: Deliveries;
  delivery_hosts: DeliveryHosts;
  received_activities: ReceivedActivities;
  remote_claims: RemoteClaims;
  remote_posts: RemotePosts;
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
