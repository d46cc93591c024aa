import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

/** How many posts a profile features. */
export const featuredPosts = 5;

/** Does nothing where the asset is pinned already. */
export async function insertPin(trx: Transaction, pin: { userId: number; assetId: number }): Promise<void> {
  await trx
    .insertInto("pins")
    .values({ user_id: pin.userId, asset_id: pin.assetId })
    .onConflict((conflict) => conflict.column("asset_id").doNothing())
    .execute();
}

export async function deletePin(db: Database, pin: { userId: number; assetId: number }): Promise<void> {
  await db.deleteFrom("pins").where("user_id", "=", pin.userId).where("asset_id", "=", pin.assetId).execute();
}

/** The ids of the assets that a user has pinned, the last one first. */
export async function listPinned(db: Database, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("pins")
    .select("asset_id")
    .where("user_id", "=", userId)
    .orderBy("id", "desc")
    .execute();
  return rows.map(({ asset_id }) => asset_id);
}

/**
 * The exact bytes of the newest activities that carry the posts which a profile features: those that the user pinned,
 * the last one first, or else the last public ones.
 */
export async function listFeaturedPosts(db: Database, userId: number): Promise<string[]> {
  const pinned = await listPinned(db, userId);
  const featured = pinned.length > 0 ? pinned : await listLastPublic(db, userId);
  const { rows } = await sql<{ document: string }>`
    select post.document
    from assets cross join lateral (
      select publications.document
      from publications join activities on activities.index = publications.activity_index
      where publications.note_index = assets.activity_index and activities.type in ('Create', 'Update')
      order by publications.activity_index desc limit 1
    ) as post
    where assets.id = any(${featured}) and post.document is not null
    order by array_position(${featured}::bigint[], assets.id)`.execute(db);
  return rows.map(({ document }) => document);
}

/** Whoever posts unlisted wants the post off lists like this one. */
async function listLastPublic(db: Database, userId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("assets")
    .select("id")
    .where("user_id", "=", userId)
    .where("post", "=", "public")
    .orderBy("activity_index", "desc")
    .limit(featuredPosts)
    .execute();
  return rows.map(({ id }) => id);
}

/** The user's works with a post: those that are pinned, the last one first, and then the newest hundred of the others. */
export async function listPinnable(
  db: Database,
  userId: number,
): Promise<{ name: string; pinned: boolean }[]> {
  const rows = await db
    .selectFrom("assets")
    .leftJoin("pins", "pins.asset_id", "assets.id")
    .select(["assets.name", "pins.id as pin"])
    .where("assets.user_id", "=", userId)
    .where("assets.post", "<>", "none")
    .orderBy("pins.id", (order) => order.desc().nullsLast())
    .orderBy("assets.activity_index", "desc")
    .limit(featuredPosts + 100)
    .execute();
  return rows.map(({ name, pin }) => ({ name, pinned: pin != null }));
}
