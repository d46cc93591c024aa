import { type Kysely, sql } from "kysely";

/**
 * The log: signed activities as their exact bytes (`text`: `jsonb` would reorder keys) at a dense index,
 * which one row hands out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table activities (
      index bigint not null,
      user_id bigint not null,
      type text not null,
      document text not null,
      created timestamptz not null,
      constraint activities_pkey primary key (index),
      constraint activities_user_fkey foreign key (user_id) references users (id),
      constraint activities_index_check check (index >= 0),
      constraint activities_type_check check (type in ('Create', 'Update', 'Delete', 'Announce', 'Undo'))
    )`.execute(db);
  await sql`create index activities_user_idx on activities (user_id, index)`.execute(db);
  await sql`
    create table log (
      only_row boolean not null default true,
      size bigint not null default 0,
      constraint log_pkey primary key (only_row),
      constraint log_only_row_check check (only_row),
      constraint log_size_check check (size >= 0)
    )`.execute(db);
  await sql`insert into log default values`.execute(db);
}
