import { sql } from "kysely";
import type { Database } from "./schema.ts";

/*
 * What search engines are told of. Its parts are ranges of indexes (of the log, of users), each of `partSize`: so a part
 * is found without counting, holds at most so many, and what was in it stays in it.
 */

/** At most 50,000 addresses may stand in a part (sitemaps.org). */
const partSize = 10_000;

export interface SitemapPart {
  readonly kind: "works" | "users";
  readonly part: number;
}

/** The parts that hold something. */
export async function listSitemapParts(db: Database): Promise<SitemapPart[]> {
  const { rows } = await sql<SitemapPart>`
    select 'users' as kind, part
    from generate_series(0, (select max(id) from users) / ${partSize}::bigint) as part
    where exists (
      select from users where suspended is null and deleted is null
        and id >= part * ${partSize}::bigint and id < (part + 1) * ${partSize}::bigint)
    union all
    select 'works', part
    from generate_series(0, (select size from log) / ${partSize}::bigint) as part
    where exists (
      select from assets join users on users.id = assets.user_id
      where assets.post = 'public' and users.suspended is null and users.deleted is null
        and activity_index >= part * ${partSize}::bigint and activity_index < (part + 1) * ${partSize}::bigint)
    order by kind, part`.execute(db);
  return rows;
}

export interface SitemapEntry {
  /** Name of the asset, or username. */
  readonly name: string;
  /** When it was last changed, where that is known. */
  readonly changed: Date | null;
}

/** The public works whose claims stand in a part of the log, without those of users who are suspended or gone. */
export async function listSitemapWorks(db: Database, part: number): Promise<SitemapEntry[]> {
  return await db
    .selectFrom("assets")
    .innerJoin("users", "users.id", "assets.user_id")
    .select(["assets.name", (eb) => eb.fn.coalesce("assets.updated", "assets.created").as("changed")])
    .where("assets.post", "=", "public")
    .where("users.suspended", "is", null)
    .where("users.deleted", "is", null)
    .where("assets.activity_index", ">=", part * partSize)
    .where("assets.activity_index", "<", (part + 1) * partSize)
    .orderBy("assets.activity_index")
    .execute();
}

/** The users with the ids of a part, without those who are suspended or gone. */
export async function listSitemapUsers(db: Database, part: number): Promise<SitemapEntry[]> {
  return await db
    .selectFrom("users")
    .select("username as name")
    .select(sql<null>`null`.as("changed"))
    .where("suspended", "is", null)
    .where("deleted", "is", null)
    .where("id", ">=", part * partSize)
    .where("id", "<", (part + 1) * partSize)
    .orderBy("id")
    .execute();
}
