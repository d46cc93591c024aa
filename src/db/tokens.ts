import { sql } from "kysely";
import type { RendererScope } from "../core/scopes.ts";
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

/** A token that is good at this moment, as its user is shown it. */
export interface ListedToken {
  readonly id: string;
  readonly kind: "session" | "renderer";
  readonly label: string | null;
  /** Of a renderer's. */
  readonly audience: string | null;
  readonly scopes: readonly RendererScope[];
  readonly created: Date;
  readonly used: Date | null;
  readonly expires: Date;
}

/** The newest of a user's tokens, sessions and those of renderers. */
export function listTokens(db: Database, userId: number, limit: number): Promise<ListedToken[]> {
  return db
    .selectFrom("tokens")
    .select(["id", "kind", "label", "audience", "scopes", "created", "used", "expires"])
    .where("user_id", "=", userId)
    .where("revoked", "is", null)
    .where("expires", ">", sql<Date>`now()`)
    .where((eb) => eb.or([eb("used", "is", null), eb.not("single_use")]))
    .orderBy("created", "desc")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Revokes a token of a user's own. Gives whether there was one that was good. */
export async function revokeOwnToken(db: Database, userId: number, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tokens")
    .set({ revoked: sql`now()` })
    .where("id", "=", id)
    .where("user_id", "=", userId)
    .where("revoked", "is", null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Revokes all that a user has but one. */
export async function revokeOtherTokens(db: Database, userId: number, kept: string): Promise<void> {
  await db
    .updateTable("tokens")
    .set({ revoked: sql`now()` })
    .where("user_id", "=", userId)
    .where("id", "!=", kept)
    .where("revoked", "is", null)
    .execute();
}

/** Forgets the tokens that expired first, more than so many days ago, `limit` at most. Gives how many they were. */
export async function forgetTokens(
  db: Database,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from tokens where ctid = any (array(
      select ctid from tokens where expires < now() - make_interval(days => ${days}::int)
      order by expires limit ${limit}::int for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
