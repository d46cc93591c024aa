import { sql } from "kysely";
import type { Database, UserRow } from "./schema.ts";

export async function insertToken(
  db: Database,
  token: { id: string; userId: number; expires: Date },
): Promise<void> {
  await db
    .insertInto("tokens")
    .values({ id: token.id, user_id: token.userId, expires: token.expires, revoked: null })
    .execute();
}

/** The user of a token that was issued, has not expired and is not revoked; nobody while he is suspended. */
export function findTokenUser(db: Database, id: string): Promise<UserRow | undefined> {
  return db
    .selectFrom("tokens")
    .innerJoin("users", "users.id", "tokens.user_id")
    .selectAll("users")
    .where("tokens.id", "=", id)
    .where("tokens.revoked", "is", null)
    .where("users.suspended", "is", null)
    .where("tokens.expires", ">", sql<Date>`now()`)
    .executeTakeFirst();
}

export async function revokeToken(db: Database, id: string): Promise<void> {
  await db
    .updateTable("tokens")
    .set({ revoked: sql`now()` })
    .where("id", "=", id)
    .where("revoked", "is", null)
    .execute();
}
