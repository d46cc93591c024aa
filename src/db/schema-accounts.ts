import type { ColumnType, Generated } from "kysely";
import type { RendererScope } from "../core/scopes.ts";
import type { Default } from "./column.ts";

/* The tables about the server itself and its accounts. The rest is in schema.ts. */

/** A line of a profile. */
export interface ProfileField {
  readonly name: string;
  readonly value: string;
}

export interface Settings {
  key: string;
  value: string;
  created: Default<Date>;
}

export interface Users {
  id: Generated<number>;
  username: string;
  password_hash: string | null;
  email: string | null;
  admin: Default<boolean>;
  created: Default<Date>;
  /** Since when the administrator lets the account do nothing. */
  suspended: Default<Date | null>;
  /** Since when the user wants to be gone; nothing personal stands in the row from then on. */
  deleted: Default<Date | null>;
  /** Since when nothing is left that hung on the row of a deleted user. */
  erased: Default<Date | null>;
  name: string | null;
  summary: string | null;
  fields: ColumnType<ProfileField[], string | undefined, string>;
  icon_url: string | null;
  image_url: string | null;
  also_known_as: Default<string[]>;
  moved_to: string | null;
}

export interface Invites {
  code_hash: string;
  created: Default<Date>;
  expires: Date;
  used: Date | null;
}

export interface Attempts {
  /** SHA-256 of who or what is counted. */
  key: Buffer;
  count: number;
  expires: Date;
}

export interface SignIns {
  id: Generated<number>;
  provider: string;
  /** Who somebody is for the provider: the one thing there that never changes hands. */
  subject: string;
  user_id: number;
  label: string;
  created: Default<Date>;
  used: Date | null;
}

export interface Tokens {
  id: string;
  user_id: number;
  created: Default<Date>;
  expires: Date;
  revoked: Date | null;
  kind: Default<"session" | "renderer">;
  /** The origin of the renderer that it is for; a session's is this server. */
  audience: string | null;
  /** A session may do everything and names nothing. */
  scopes: Default<RendererScope[]>;
  single_use: Default<boolean>;
  /** When it was last used, give or take what a session's use is not worth writing. */
  used: Date | null;
  /** By what its user knows it again. */
  label: string | null;
}

export interface UserRenderers {
  user_id: number;
  /** Its origin. */
  l1_server: string;
  scopes: RendererScope[];
  attached: Default<Date>;
  first_verified: Date | null;
  last_verified: Date | null;
}
