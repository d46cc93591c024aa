import { type Kysely, sql } from "kysely";

/** How many followers a user has, kept by the database: counting a million at each look at a profile takes too long. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table follower_counts (
      user_id bigint not null,
      count bigint not null,
      constraint follower_counts_pkey primary key (user_id),
      constraint follower_counts_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint follower_counts_count_check check (count >= 0)
    )`.execute(db);
  await sql`
    insert into follower_counts (user_id, count) select user_id, count(*) from followers group by user_id`.execute(
    db,
  );
  // In the order of the users, so that two statements about several of them don't wait for each other.
  await sql`
    create function count_followers() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        insert into follower_counts as counts (user_id, count)
        select user_id, count(*) from changed group by user_id order by user_id
        on conflict (user_id) do update set count = counts.count + excluded.count;
      elsif tg_op = 'DELETE' then
        perform from follower_counts where user_id in (select user_id from changed)
          order by user_id for no key update;
        update follower_counts as counts set count = counts.count - gone.count
        from (select user_id, count(*) as count from changed group by user_id) as gone
        where gone.user_id = counts.user_id;
      else
        delete from follower_counts;
      end if;
      return null;
    end $$`.execute(db);
  await sql`
    create trigger followers_inserted after insert on followers referencing new table as changed
    for each statement execute function count_followers()`.execute(db);
  await sql`
    create trigger followers_deleted after delete on followers referencing old table as changed
    for each statement execute function count_followers()`.execute(db);
  await sql`
    create trigger followers_truncated after truncate on followers
    for each statement execute function count_followers()`.execute(db);
}
