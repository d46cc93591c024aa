import { type Selectable, sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";
import type { Media } from "./schema-media.ts";

export type MediaRow = Selectable<Media>;
export type NewMedia = Pick<MediaRow, "hash" | "media_type" | "bytes" | "width" | "height">;

/** Until the transaction ends nobody else puts an image of that hash in its place, or takes it away. */
export async function lockMedia(trx: Transaction, hash: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${hash}, 0))`.execute(trx);
}

/** The same, where nobody else is at it at this moment. */
export async function tryLockMedia(trx: Transaction, hash: string): Promise<boolean> {
  const { rows } = await sql<{ locked: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${hash}, 0)) as locked`.execute(trx);
  return rows[0]?.locked === true;
}

export function findMedia(db: Database, hash: string): Promise<MediaRow | undefined> {
  return db.selectFrom("media").selectAll().where("hash", "=", hash).executeTakeFirst();
}

/** Notes an image. Until it is linked to an asset it counts as unused. */
export async function insertMedia(trx: Transaction, media: NewMedia): Promise<void> {
  await trx
    .insertInto("media")
    .values(media)
    .onConflict((conflict) => conflict.column("hash").doNothing())
    .execute();
}

export async function deleteMedia(trx: Transaction, hash: string): Promise<void> {
  await trx.deleteFrom("media").where("hash", "=", hash).execute();
}

/** Has the asset shown by the image of that hash, and gives that; by none, where there is no such image here. */
export async function linkMedia(
  trx: Transaction,
  assetId: number,
  hash: string | undefined,
): Promise<MediaRow | undefined> {
  const media =
    hash == null
      ? undefined
      : await trx.selectFrom("media").selectAll().where("hash", "=", hash).forKeyShare().executeTakeFirst();
  if (media == null) {
    await trx.deleteFrom("previews").where("asset_id", "=", assetId).execute();
    return undefined;
  }
  await trx
    .insertInto("previews")
    .values({ asset_id: assetId, hash: media.hash })
    .onConflict((conflict) =>
      conflict.column("asset_id").doUpdateSet({ hash: media.hash }).where("previews.hash", "<>", media.hash),
    )
    .execute();
  return media;
}

/** The bytes of the images that show a user's assets, each once: without that hash, and without that asset's. */
export async function sumMedia(
  db: Database,
  userId: number,
  besides: { hash: string; assetName: string },
): Promise<number> {
  const { bytes } = await db
    .selectFrom("media")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<string>("bytes"), sql<string>`0`).as("bytes"))
    .where("hash", "<>", besides.hash)
    .where("hash", "in", (eb) =>
      eb
        .selectFrom("previews")
        .innerJoin("assets", "assets.id", "previews.asset_id")
        .select("previews.hash")
        .where("assets.user_id", "=", userId)
        .where("assets.name", "<>", besides.assetName),
    )
    .executeTakeFirstOrThrow();
  return Number(bytes);
}

/** Hashes of images that may show no asset any more, at most a hundred, after the hash `after`. */
export async function listUnusedMedia(db: Database, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom("media")
    .select("hash")
    .where("unused", "is not", null)
    .where("hash", ">", after)
    .orderBy("hash")
    .limit(100)
    .execute();
  return rows.map(({ hash }) => hash);
}

/** Locks an image's row where nobody uses it at this moment, and says whether it shows an asset. */
export async function lockUnusedMedia(
  trx: Transaction,
  hash: string,
): Promise<"used" | "unused" | "busy_or_gone"> {
  const row = await trx
    .selectFrom("media")
    .select("hash")
    .where("hash", "=", hash)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (row == null) return "busy_or_gone";
  // A statement of its own, which sees what was committed before the row was locked.
  const asset = await trx
    .selectFrom("previews")
    .select("asset_id")
    .where("hash", "=", hash)
    .limit(1)
    .executeTakeFirst();
  return asset == null ? "unused" : "used";
}

export async function markMediaUsed(trx: Transaction, hash: string): Promise<void> {
  await trx.updateTable("media").set({ unused: null }).where("hash", "=", hash).execute();
}
