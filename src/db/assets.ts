import { sql } from "kysely";
import { countLimit } from "../core/count-limit.ts";
import { type InteractionCounts, interactionCounts } from "./interactions.ts";
import type { AssetRow, Database, NewAssetRow, Transaction } from "./schema.ts";

/** An asset with its owner, and what is known of other claims to its hash. */
export interface AssetView extends AssetRow, InteractionCounts {
  readonly owner: string;
  /** Whether somebody else claims the same hash. */
  readonly contested: boolean;
  /** The index of the first claim to the hash that was not withdrawn. */
  readonly first_index: number | null;
}

export interface AssetFilter {
  readonly owner?: string | undefined;
  readonly type?: AssetRow["asset_type"] | undefined;
  readonly tag?: string | undefined;
  /** Part of the name or the description, in any case. */
  readonly q?: string | undefined;
  /** Only what everybody is shown: public posts of users who are not suspended. */
  readonly listed?: true | undefined;
}

/** Gives its id. */
export async function insertAsset(trx: Transaction, asset: NewAssetRow): Promise<number> {
  const { id } = await trx.insertInto("assets").values(asset).returning("id").executeTakeFirstOrThrow();
  return id;
}

/** Changes what is stated of an asset; `latestIndex` is the Update that says so. */
export async function updateAsset(
  trx: Transaction,
  id: number,
  change: { columns: Partial<NewAssetRow>; latestIndex: number; updated: Date },
): Promise<void> {
  const { columns, latestIndex, updated } = change;
  await trx
    .updateTable("assets")
    .set({ ...columns, latest_index: latestIndex, updated })
    .where("id", "=", id)
    .execute();
}

/** Deletes an asset and all that hangs on it. */
export async function deleteAsset(trx: Transaction, id: number): Promise<void> {
  await trx.deleteFrom("assets").where("id", "=", id).execute();
}

export function findAsset(db: Database, name: string): Promise<AssetView | undefined> {
  return selectAssets(db).where("assets.name", "=", name).executeTakeFirst();
}

/** The asset whose claim stands at the index. */
export function findAssetByIndex(db: Database, index: number): Promise<AssetView | undefined> {
  return selectAssets(db).where("assets.activity_index", "=", index).executeTakeFirst();
}

/** All claims to a hash, the first one first. */
export function listClaims(db: Database, contentHash: string): Promise<AssetView[]> {
  return selectAssets(db)
    .where("assets.content_hash", "=", contentHash)
    .orderBy("assets.activity_index")
    .execute();
}

/** Newest first, before the index `before`. */
export async function listAssets(
  db: Database,
  filter: AssetFilter,
  page: { before: number; limit: number },
): Promise<AssetView[]> {
  return await selectAssets(db)
    .where(matches(filter, await findOwnerId(db, filter)))
    .where("assets.activity_index", "<", page.before)
    .orderBy("assets.activity_index", "desc")
    .limit(page.limit)
    .execute();
}

/** How many assets there are; of those that match a filter at most {@link countLimit}. */
export async function countAssets(db: Database, filter: AssetFilter = {}): Promise<number> {
  if (Object.values(filter).every((value) => value == null)) {
    const { assets } = await db.selectFrom("log").select("assets").executeTakeFirstOrThrow();
    return assets;
  }
  const ownerId = await findOwnerId(db, filter);
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("assets")
        .innerJoin("users", "users.id", "assets.user_id")
        .select("assets.id")
        .where(matches(filter, ownerId))
        .limit(countLimit)
        .as("matching"),
    )
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** The owner's id, by which PostgreSQL knows whether that is a busy one; an id that nobody has for unknown names. */
async function findOwnerId(db: Database, { owner }: AssetFilter): Promise<number | null> {
  if (owner == null) return null;
  const user = await db.selectFrom("users").select("id").where("username", "=", owner).executeTakeFirst();
  return user?.id ?? -1;
}

function matches({ type, tag, q, listed }: AssetFilter, ownerId: number | null) {
  const pattern = q == null ? null : `%${q.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql<boolean>`(
    (${ownerId}::bigint is null or assets.user_id = ${ownerId})
    and (${type ?? null}::text is null or assets.asset_type = ${type ?? null})
    and (${tag ?? null}::text is null or assets.tags @> array[${tag ?? null}]::text[])
    and (${pattern}::text is null or assets.name ilike ${pattern} or assets.description ilike ${pattern})
    and (${listed ?? null}::boolean is null or assets.post = 'public')
    and users.suspended is null and users.deleted is null)`;
}

function selectAssets(db: Database) {
  return db
    .selectFrom("assets")
    .innerJoin("users", "users.id", "assets.user_id")
    .selectAll("assets")
    .select("users.username as owner")
    .select(interactionCounts)
    .select((eb) => [
      eb
        .exists(
          eb
            .selectFrom("assets as other")
            .select("other.id")
            .whereRef("other.content_hash", "=", "assets.content_hash")
            .whereRef("other.id", "<>", "assets.id"),
        )
        .$castTo<boolean>()
        .as("contested"),
      eb
        .selectFrom("assets as first")
        .select((min) => min.fn.min("first.activity_index").as("index"))
        .whereRef("first.content_hash", "=", "assets.content_hash")
        .as("first_index"),
    ]);
}
