import { sql } from "kysely";
import type { Database } from "./schema.ts";

/** The next thing to send to an inbox: nothing later of the same sender goes there before it. */
export interface DueDelivery {
  readonly id: number;
  readonly inbox: string;
  readonly userId: number;
  readonly username: string;
  readonly attempts: number;
  readonly document: string;
}

/**
 * What is to be sent to a host now: of each sender and inbox the oldest waiting delivery, where it is due. Nothing
 * while the host is held.
 */
export async function listDueDeliveries(db: Database, host: string, limit: number): Promise<DueDelivery[]> {
  const { rows } = await sql<DueDelivery>`
    select line.id, line.inbox, line.user_id as "userId", users.username, line.attempts, publications.document
    from (
      select distinct on (inbox, user_id) * from deliveries
      where host = ${host} and state = 'waiting' order by inbox, user_id, id
    ) as line
    join publications on publications.id = line.publication_id
    join users on users.id = line.user_id
    where line.next_try <= now()
      and not exists (select from delivery_hosts where host = ${host} and held_until > now())
    order by line.id limit ${limit}`.execute(db);
  return rows;
}

/** Hosts for which something is due, the first of some line at least, and which are not held. */
export async function listDueHosts(db: Database, limit: number): Promise<string[]> {
  const { rows } = await sql<{ host: string }>`
    select distinct due.host from deliveries due
    left join delivery_hosts on delivery_hosts.host = due.host
    where due.state = 'waiting' and due.next_try <= now()
      and (delivery_hosts.held_until is null or delivery_hosts.held_until <= now())
      and not exists (
        select from deliveries earlier
        where earlier.host = due.host and earlier.inbox = due.inbox and earlier.user_id = due.user_id
          and earlier.id < due.id and earlier.state = 'waiting')
    limit ${limit}`.execute(db);
  return rows.map(({ host }) => host);
}

export async function markDelivered(db: Database, id: number): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({ state: "delivered", delivered: sql`now()`, attempts: sql`attempts + 1`, last_error: null })
    .where("id", "=", id)
    .execute();
}

/** Puts a delivery off by so many seconds, or ends it where `retryIn` is absent. */
export async function markFailed(
  db: Database,
  id: number,
  failure: { error: string; retryIn?: number; state?: "refused" | "given_up" },
): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({
      attempts: sql`attempts + 1`,
      last_error: failure.error,
      next_try: sql`now() + make_interval(secs => ${failure.retryIn ?? 0})`,
      state: failure.state ?? "waiting",
    })
    .where("id", "=", id)
    .execute();
}

/** Sends nothing to a host for so many seconds; counts the failures in a row and gives their number. */
export async function holdHost(
  db: Database,
  host: string,
  seconds: (failures: number) => number,
): Promise<void> {
  const { failures } = await db
    .insertInto("delivery_hosts")
    .values({ host, failures: 1, held_until: sql`now()` })
    .onConflict((conflict) =>
      conflict.column("host").doUpdateSet({ failures: sql`delivery_hosts.failures + 1` }),
    )
    .returning("failures")
    .executeTakeFirstOrThrow();
  await db
    .updateTable("delivery_hosts")
    .set({ held_until: sql`now() + make_interval(secs => ${seconds(failures)})` })
    .where("host", "=", host)
    .execute();
}

/** Forgets that a host failed. */
export async function releaseHost(db: Database, host: string): Promise<void> {
  await db.deleteFrom("delivery_hosts").where("host", "=", host).execute();
}
