import type { ColumnType, Generated } from "kysely";
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
}
