import { sql } from "kysely";
import type { Database, UserRow } from "./schema.ts";

export async function insertToken(
  db: Database,
  token: { id: string; userId: number; expires: Date; label: string | null },
): Promise<void> {
  const { id, userId, expires, label } = token;
  await db
    .insertInto("tokens")
    .values({ id, user_id: userId, expires, label, used: sql<Date>`now()` })
    .execute();
}

/** The user of a session that was begun, has not expired and is not revoked; nobody while he is suspended. */
export async function findTokenUser(
  db: Database,
  id: string,
): Promise<{ user: UserRow; used: Date | null } | undefined> {
  const row = await db
    .selectFrom("tokens")
    .innerJoin("users", "users.id", "tokens.user_id")
    .selectAll("users")
    .select("tokens.used")
    .where("tokens.id", "=", id)
    .where("tokens.kind", "=", "session")
    .where("tokens.revoked", "is", null)
    .where("users.suspended", "is", null)
    .where("tokens.expires", ">", sql<Date>`now()`)
    .executeTakeFirst();
  if (row == null) return undefined;
  const { used, ...user } = row;
  return { user, used };
}

/** Notes that a session is in use. */
export async function touchToken(db: Database, id: string): Promise<void> {
  await db
    .updateTable("tokens")
    .set({ used: sql`now()` })
    .where("id", "=", id)
    .execute();
}

export async function revokeToken(db: Database, id: string): Promise<void> {
  await db
    .updateTable("tokens")
    .set({ revoked: sql`now()` })
    .where("id", "=", id)
    .where("revoked", "is", null)
    .execute();
}
