import { type Kysely, sql } from "kysely";

/**
 * Images that this server keeps, by the hash of their bytes, and the assets that they show. An image that loses an asset
 * is marked, whatever took it away: the marked ones are looked at, and those that show nothing any more are deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table media (
      hash text not null,
      media_type text not null,
      bytes integer not null,
      width integer not null,
      height integer not null,
      created timestamptz not null default now(),
      unused timestamptz default now(),
      constraint media_pkey primary key (hash),
      constraint media_hash_check check (hash ~ '^[0-9a-f]{64}$'),
      constraint media_type_check check (media_type in ('image/jpeg', 'image/png', 'image/webp')),
      constraint media_bytes_check check (bytes between 1 and 1048576),
      constraint media_size_check check (width between 1 and 4096 and height between 1 and 4096)
    )`.execute(db);
  await sql`create index media_unused_idx on media (hash) where unused is not null`.execute(db);
  await sql`
    create table previews (
      asset_id bigint not null,
      hash text not null,
      constraint previews_pkey primary key (asset_id),
      constraint previews_asset_fkey foreign key (asset_id) references assets (id) on delete cascade,
      constraint previews_media_fkey foreign key (hash) references media (hash)
    )`.execute(db);
  await sql`create index previews_hash_idx on previews (hash)`.execute(db);
  // Whether other assets are left is not asked here: of two that leave at once, neither would see the other gone.
  await sql`
    create function mark_media() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'DELETE' then
        update media set unused = null where hash = new.hash and unused is not null;
      end if;
      if tg_op <> 'INSERT' then
        update media set unused = now() where hash = old.hash and unused is null;
      end if;
      return null;
    end
    $$`.execute(db);
  await sql`
    create trigger previews_mark_media after insert or delete or update of hash on previews
    for each row execute function mark_media()`.execute(db);
}
