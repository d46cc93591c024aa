import { type Kysely, sql } from "kysely";

/** What renderers ask: the claims to a hash, the first one first, and what was claimed or withdrawn since an index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index assets_hash_idx on assets (content_hash, activity_index)`.execute(db);
  await sql`create index activities_changes_idx on activities (index) where type in ('Create', 'Delete')`.execute(
    db,
  );
}
