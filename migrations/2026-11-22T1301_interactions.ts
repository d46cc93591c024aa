import { type Kysely, sql } from "kysely";

/**
 * What others make of our posts and our users of theirs: likes, shares and replies, reports to the administrator, and
 * what is needed to keep up with posts and claims that change.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table interactions (
      id bigint generated always as identity,
      kind text not null,
      iri text not null,
      actor_id bigint not null,
      asset_id bigint not null,
      content text,
      url text,
      published timestamptz not null,
      updated timestamptz,
      received timestamptz not null default now(),
      constraint interactions_pkey primary key (id),
      constraint interactions_iri_key unique (actor_id, iri),
      constraint interactions_actor_fkey foreign key (actor_id) references remote_actors (id) on delete cascade,
      constraint interactions_asset_fkey foreign key (asset_id) references assets (id) on delete cascade,
      constraint interactions_kind_check check (kind in ('like', 'share', 'reply')),
      constraint interactions_content_check check ((kind = 'reply') = (content is not null))
    )`.execute(db);
  await sql`create index interactions_asset_idx on interactions (asset_id, kind, id desc)`.execute(db);
  await sql`
    create unique index interactions_once_key on interactions (actor_id, asset_id, kind)
    where kind in ('like', 'share')`.execute(db);
  await sql`
    create table reactions (
      id bigint generated always as identity,
      user_id bigint not null,
      kind text not null,
      object_iri text not null,
      asset_id bigint,
      recipient_id bigint,
      iri text not null,
      content text,
      document text,
      created timestamptz not null default now(),
      undone timestamptz,
      constraint reactions_pkey primary key (id),
      constraint reactions_iri_key unique (iri),
      constraint reactions_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint reactions_asset_fkey foreign key (asset_id) references assets (id) on delete set null,
      constraint reactions_recipient_fkey foreign key (recipient_id) references remote_actors (id)
        on delete set null,
      constraint reactions_kind_check check (kind in ('like', 'reply')),
      constraint reactions_reply_check check (
        (kind = 'reply') = (content is not null) and (kind = 'reply') = (document is not null))
    )`.execute(db);
  await sql`create index reactions_asset_idx on reactions (asset_id, kind, id desc)`.execute(db);
  await sql`
    create unique index reactions_like_key on reactions (user_id, object_iri)
    where kind = 'like' and undone is null`.execute(db);
  await sql`
    create table reports (
      id bigint generated always as identity,
      actor_iri text not null,
      objects text[] not null,
      content text,
      created timestamptz not null default now(),
      resolved timestamptz,
      constraint reports_pkey primary key (id)
    )`.execute(db);
  await sql`create index reports_open_idx on reports (id desc) where resolved is null`.execute(db);
  await sql`
    alter table shares
      add column asset_id bigint,
      add constraint shares_asset_fkey foreign key (asset_id) references assets (id) on delete set null`.execute(
    db,
  );
  await sql`create index shares_asset_idx on shares (asset_id)`.execute(db);
  await sql`alter table remote_actors add column followers text, add column gone timestamptz`.execute(db);
  await sql`alter table remote_claims add column withdrawn timestamptz`.execute(db);
  await sql`
    alter table remote_posts
      add column public boolean not null default true,
      add column updated timestamptz`.execute(db);
}
