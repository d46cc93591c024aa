import { countLimit } from "../core/count-limit.ts";
import { isUsername } from "../core/username.ts";
import type { Database, UserRow } from "./schema.ts";

export interface NewUser {
  readonly username: string;
  readonly passwordHash: string | null;
  readonly email: string | null;
  readonly admin: boolean;
}

/** Gives `undefined` where the username is taken. */
export function insertUser(db: Database, user: NewUser): Promise<UserRow | undefined> {
  return db
    .insertInto("users")
    .values({
      username: user.username,
      password_hash: user.passwordHash,
      email: user.email,
      admin: user.admin,
    })
    .onConflict((conflict) => conflict.column("username").doNothing())
    .returningAll()
    .executeTakeFirst();
}

/** Gives `undefined` also for what can be no username, without asking the database. */
export async function findUser(db: Database, username: string): Promise<UserRow | undefined> {
  if (!isUsername(username)) return undefined;
  return await db.selectFrom("users").selectAll().where("username", "=", username).executeTakeFirst();
}

/** The user who registered the work whose note has that index. */
export async function findNoteOwner(db: Database, index: number): Promise<UserRow | undefined> {
  return await db
    .selectFrom("activities")
    .innerJoin("users", "users.id", "activities.user_id")
    .selectAll("users")
    .where("activities.index", "=", index)
    .executeTakeFirst();
}

export interface UserSummary {
  readonly id: number;
  readonly username: string;
  readonly created: Date;
  /** At most {@link countLimit}. */
  readonly assets: number;
}

/** In the order of registration, after the user with the id `after`, without those who are suspended or gone. */
export function listUsers(db: Database, page: { after: number; limit: number }): Promise<UserSummary[]> {
  return selectSummaries(db)
    .where("suspended", "is", null)
    .where("deleted", "is", null)
    .where("id", ">", page.after)
    .orderBy("id")
    .limit(page.limit)
    .execute();
}

export async function findUserSummary(db: Database, username: string): Promise<UserSummary | undefined> {
  if (!isUsername(username)) return undefined;
  return await selectSummaries(db).where("username", "=", username).executeTakeFirst();
}

function selectSummaries(db: Database) {
  return db
    .selectFrom("users")
    .select(["id", "username", "created"])
    .select((eb) =>
      eb
        .selectFrom(
          eb
            .selectFrom("assets")
            .select("assets.id")
            .whereRef("assets.user_id", "=", "users.id")
            .limit(countLimit)
            .as("works"),
        )
        .select((count) => count.fn.countAll<number>().as("assets"))
        .as("assets"),
    )
    .$narrowType<{ assets: number }>();
}

export async function countUsers(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom("users")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("suspended", "is", null)
    .where("deleted", "is", null)
    .executeTakeFirstOrThrow();
  return count;
}
