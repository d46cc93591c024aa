import { type Kysely, sql } from "kysely";

/**
 * How many assets there are, kept beside the size of the log: whoever registers or withdraws one holds that row anyway.
 * And the works that everybody is shown, for feeds and for search engines.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table log
      add column assets bigint not null default 0,
      add constraint log_assets_check check (assets >= 0)`.execute(db);
  await sql`update log set assets = (select count(*) from assets)`.execute(db);
  await sql`
    create function count_assets() returns trigger language plpgsql as $$
      declare changed_rows bigint;
      begin
        select count(*) into changed_rows from changed;
        if changed_rows > 0 then
          update log set assets = assets + case tg_op when 'INSERT' then changed_rows else -changed_rows end;
        end if;
        return null;
      end $$`.execute(db);
  await sql`
    create trigger assets_inserted after insert on assets referencing new table as changed
      for each statement execute function count_assets()`.execute(db);
  await sql`
    create trigger assets_deleted after delete on assets referencing old table as changed
      for each statement execute function count_assets()`.execute(db);
  await sql`
    create index assets_public_idx on assets (activity_index desc) where post = 'public'`.execute(db);
  await sql`
    create index assets_user_public_idx on assets (user_id, activity_index desc) where post = 'public'`.execute(
    db,
  );
}
