import type { ProfileField } from "./schema-accounts.ts";
import type { Transaction, UserRow } from "./schema.ts";

/** What users say of themselves. */
export interface Profile {
  readonly name: string | null;
  /** Plain text; line breaks count. */
  readonly summary: string | null;
  readonly fields: readonly ProfileField[];
  readonly icon_url: string | null;
  readonly image_url: string | null;
  /** Other actors that are the same person. */
  readonly also_known_as: readonly string[];
  /** The actor to which the person has moved. */
  readonly moved_to: string | null;
}

/** The user's row, which nobody else changes until the transaction ends. Throws where there is none. */
export function lockUser(trx: Transaction, userId: number): Promise<UserRow> {
  return trx
    .selectFrom("users")
    .selectAll()
    .where("id", "=", userId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** Gives the row as it is from then on. */
export function saveProfile(trx: Transaction, userId: number, profile: Profile): Promise<UserRow> {
  return trx
    .updateTable("users")
    .set({
      name: profile.name,
      summary: profile.summary,
      fields: JSON.stringify(profile.fields),
      icon_url: profile.icon_url,
      image_url: profile.image_url,
      also_known_as: [...profile.also_known_as],
      moved_to: profile.moved_to,
    })
    .where("id", "=", userId)
    .returningAll()
    .executeTakeFirstOrThrow();
}
