import { sql } from "kysely";
import type { Database } from "./schema.ts";

export interface Hold {
  readonly error: string;
  /** For how many seconds, after so many failures in a row. */
  seconds(failures: number): number;
}

/** Has nothing sent to a host for a while. */
export async function holdHost(db: Database, host: string, hold: Hold): Promise<void> {
  const { failures } = await db
    .insertInto("delivery_hosts")
    .values({ host, failures: 1, held_until: sql`now()`, last_error: hold.error })
    .onConflict((conflict) =>
      conflict
        .column("host")
        .doUpdateSet({ failures: sql`delivery_hosts.failures + 1`, last_error: hold.error }),
    )
    .returning("failures")
    .executeTakeFirstOrThrow();
  await db
    .updateTable("delivery_hosts")
    .set({ held_until: sql`now() + make_interval(secs => ${hold.seconds(failures)})` })
    .where("host", "=", host)
    .execute();
}

/** Has nothing sent to an inbox for a while, while the others of its host are served. */
export async function holdInbox(
  db: Database,
  { inbox, host }: { inbox: string; host: string },
  hold: Hold,
): Promise<void> {
  const { failures } = await db
    .insertInto("delivery_inboxes")
    .values({ inbox, host, failures: 1, held_until: sql`now()`, last_error: hold.error })
    .onConflict((conflict) =>
      conflict
        .column("inbox")
        .doUpdateSet({ failures: sql`delivery_inboxes.failures + 1`, last_error: hold.error }),
    )
    .returning("failures")
    .executeTakeFirstOrThrow();
  await db
    .updateTable("delivery_inboxes")
    .set({ held_until: sql`now() + make_interval(secs => ${hold.seconds(failures)})` })
    .where("inbox", "=", inbox)
    .execute();
}

/** Whether a host has another inbox than this one: that of an actor we know, or one that something waits for. */
export async function hasOtherInbox(
  db: Database,
  { inbox, host }: { inbox: string; host: string },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (
        select from remote_actors
        where substring(coalesce(shared_inbox, inbox) from '^https?://([^/?#]+)') = ${host}
          and coalesce(shared_inbox, inbox) <> ${inbox})
      or exists (select from deliveries where host = ${host} and state = 'waiting' and inbox <> ${inbox})
      as found`.execute(db);
  return rows[0]?.found ?? false;
}
