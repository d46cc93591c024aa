import { type Kysely, sql } from "kysely";

/**
 * Accounts that their users have deleted. The row stays, so that the name is never given again, and says nothing more;
 * `erased` is when the last of what hung on it was gone. Whatever is begun by the user at the same moment, by a request
 * that was let in before, waits for the deletion and then fails.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table users
      add column deleted timestamptz,
      add column erased timestamptz,
      add constraint users_deleted_check check (deleted is null or (
        not admin and password_hash is null and email is null and name is null and summary is null
        and fields::text = '[]' and icon_url is null and image_url is null and also_known_as = '{}'
        and moved_to is null)),
      add constraint users_erased_check check (erased is null or deleted is not null)`.execute(db);
  await sql`
    create function refuse_deleted_user() returns trigger language plpgsql as $$
    begin
      perform 1 from users where id = new.user_id and deleted is null for share;
      if not found and new.user_id is not null then
        raise exception 'user % is deleted', new.user_id using errcode = 'check_violation', table = tg_table_name;
      end if;
      return new;
    end
    $$`.execute(db);
  for (const table of [
    "assets",
    "blocks",
    "followers",
    "following",
    "pins",
    "reactions",
    "shares",
    "sign_ins",
    "tokens",
    "user_renderers",
  ]) {
    await sql`
      create trigger ${sql.ref(`${table}_refuse_deleted_user`)} before insert on ${sql.table(table)}
      for each row execute function refuse_deleted_user()`.execute(db);
  }
}
