import { type Kysely, sql } from "kysely";

/**
 * Whom users (or, where there is no user, the administrator for the whole server) want nothing to do with; and users who
 * are suspended. Domains stand in lower case and punycode, without port and trailing dot, and mean their subdomains too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table blocks (
      id bigint generated always as identity,
      user_id bigint,
      kind text not null,
      target text not null,
      reason text,
      created timestamptz not null default now(),
      constraint blocks_pkey primary key (id),
      constraint blocks_target_key unique nulls not distinct (kind, target, user_id),
      constraint blocks_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint blocks_kind_check check (kind in ('domain', 'actor')),
      constraint blocks_target_check check (char_length(target) between 1 and 2048),
      constraint blocks_reason_check check (char_length(reason) <= 500)
    )`.execute(db);
  await sql`create index blocks_user_idx on blocks (user_id, id)`.execute(db);
  await sql`alter table users add suspended timestamptz`.execute(db);

  await sql`
    create function url_domain(url text) returns text language sql immutable strict parallel safe as $$
      select lower(rtrim(substring(url from '^[a-zA-Z]+://(?:[^/?#@]*@)?(\\[[^\\]/?#]*\\]|[^/?#:]+)'), '.'))
    $$`.execute(db);
  // A domain and those above it: a.b.c, b.c, c.
  await sql`
    create function parent_domains(domain text) returns text[] language sql immutable strict parallel safe as $$
      select array_agg(array_to_string(labels[place:], '.'))
      from (select string_to_array(domain, '.') as labels) as parts, generate_subscripts(labels, 1) as place
    $$`.execute(db);
}
