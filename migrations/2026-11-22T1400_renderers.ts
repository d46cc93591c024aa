import { type Kysely, sql } from "kysely";

/**
 * Whom users let log them in elsewhere: the renderers that they are attached to, and the tokens for them. A token for a
 * renderer goes with its attachment, so that nothing is left of it after that.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table user_renderers (
      user_id bigint not null,
      l1_server text not null,
      scopes text[] not null,
      attached timestamptz not null default now(),
      first_verified timestamptz,
      last_verified timestamptz,
      constraint user_renderers_pkey primary key (user_id, l1_server),
      constraint user_renderers_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint user_renderers_l1_server_check check (l1_server ~ '^https?://[^/?#@[:space:]]+$'),
      constraint user_renderers_scopes_check
        check ('renderer' = any (scopes) and scopes <@ array['renderer', 'record-run']),
      constraint user_renderers_verified_check check ((first_verified is null) = (last_verified is null))
    )`.execute(db);
  await sql`
    alter table tokens
      add column kind text not null default 'session',
      add column audience text,
      add column scopes text[] not null default '{}',
      add column single_use boolean not null default false,
      add column used timestamptz,
      add column label text,
      add constraint tokens_kind_check check (kind in ('session', 'renderer')),
      add constraint tokens_audience_check check ((kind = 'renderer') = (audience is not null)),
      add constraint tokens_scopes_check check (
        case kind
          when 'renderer' then 'renderer' = any (scopes) and scopes <@ array['renderer', 'record-run']
          else scopes = '{}'
        end),
      add constraint tokens_single_use_check check (kind = 'renderer' or not single_use),
      add constraint tokens_label_check check (char_length(label) between 1 and 100),
      add constraint tokens_renderer_fkey foreign key (user_id, audience)
        references user_renderers (user_id, l1_server) on delete cascade`.execute(db);
}
