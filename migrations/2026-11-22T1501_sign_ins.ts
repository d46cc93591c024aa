import { type Kysely, sql } from "kysely";

/**
 * Accounts elsewhere by which users sign in: who somebody is for a provider is the subject alone, never an email
 * address. The label is what the provider calls them, to be shown to the user.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sign_ins (
      id bigint generated always as identity,
      provider text not null,
      subject text not null,
      user_id bigint not null,
      label text not null,
      created timestamptz not null default now(),
      used timestamptz,
      constraint sign_ins_pkey primary key (id),
      constraint sign_ins_subject_key unique (provider, subject),
      constraint sign_ins_user_fkey foreign key (user_id) references users (id) on delete cascade,
      constraint sign_ins_provider_check check (provider ~ '^[a-z]{1,30}$'),
      constraint sign_ins_subject_check check (char_length(subject) between 1 and 255),
      constraint sign_ins_label_check check (char_length(label) <= 100)
    )`.execute(db);
  await sql`create index sign_ins_user_idx on sign_ins (user_id)`.execute(db);
}
