import { sql } from "kysely";
import type { Database, DeliveryRow, Transaction } from "./schema.ts";

/** What became of the deliveries of a Note to one host: of the activities that made, changed or deleted it. */
export interface LedgerEntry {
  readonly host: string;
  readonly inboxes: number;
  readonly delivered: number;
  readonly lastDelivered: Date | null;
  readonly waiting: number;
  readonly refused: number;
  readonly givenUp: number;
  /** Of what has not arrived: why not, as the last try showed. */
  readonly lastError: string | null;
  /** When the first of what waits is tried again, at the earliest. */
  readonly nextTry: Date | null;
}

export type LedgerTotals = Omit<LedgerEntry, "host" | "lastDelivered" | "lastError" | "nextTry"> & {
  readonly hosts: number;
};

export interface LedgerFilter {
  /** Only hosts for which something is in that state. */
  readonly state?: DeliveryRow["state"] | undefined;
}

const counts = sql`
  count(distinct d.inbox) as inboxes,
  count(*) filter (where d.state = 'delivered') as delivered,
  count(*) filter (where d.state = 'waiting') as waiting,
  count(*) filter (where d.state = 'refused') as refused,
  count(*) filter (where d.state = 'given_up') as "givenUp"`;

/** By host, after the host `after`. */
export async function listLedger(
  db: Database,
  noteIndex: number,
  page: LedgerFilter & { after: string; limit: number },
): Promise<LedgerEntry[]> {
  const { rows } = await sql<LedgerEntry>`
    select d.host, ${counts}, max(d.delivered) as "lastDelivered",
      (array_agg(why.error order by d.next_try desc, d.id desc) filter (where why.error is not null))[1] as "lastError",
      min(greatest(d.next_try, h.held_until, i.held_until)) filter (where d.state = 'waiting') as "nextTry"
    from publications p
    join deliveries d on d.publication_id = p.id
    left join delivery_hosts h on h.host = d.host
    left join delivery_inboxes i on i.inbox = d.inbox
    cross join lateral (
      select coalesce(d.last_error, case when d.state = 'waiting' then coalesce(i.last_error, h.last_error) end) as error
    ) as why
    where p.note_index = ${noteIndex} and d.host > ${page.after}
    group by d.host
    having ${page.state ?? null}::text is null or bool_or(d.state = ${page.state ?? null})
    order by d.host limit ${page.limit}`.execute(db);
  return rows;
}

export async function sumLedger(db: Database, noteIndex: number): Promise<LedgerTotals> {
  const { rows } = await sql<LedgerTotals>`
    select count(distinct d.host) as hosts, ${counts}
    from publications p join deliveries d on d.publication_id = p.id
    where p.note_index = ${noteIndex}`.execute(db);
  const [totals] = rows;
  if (totals == null) throw new Error("A sum over no rows is a row all the same.");
  return totals;
}

/** Whether anything of a Note goes, or went, to a host. */
export async function isInLedger(db: Database, noteIndex: number, host: string): Promise<boolean> {
  const row = await db
    .selectFrom("publications")
    .innerJoin("deliveries", "deliveries.publication_id", "publications.id")
    .select("deliveries.id")
    .where("publications.note_index", "=", noteIndex)
    .where("deliveries.host", "=", host)
    .limit(1)
    .executeTakeFirst();
  return row != null;
}

/**
 * Makes due now what waits, or was given up, of the deliveries of a Note, to all hosts or to one. Its tries count anew,
 * and its hosts and inboxes are no longer left alone. Gives how many deliveries they are.
 */
export async function renewDeliveries(trx: Transaction, noteIndex: number, host?: string): Promise<number> {
  const there = (table: "d" | "mine") =>
    host == null ? sql`true` : sql`${sql.ref(`${table}.host`)} = ${host}`;
  const { rows } = await sql<{ count: number }>`
    with renewed as (
      update deliveries d set state = 'waiting', attempts = 0, started = now(), next_try = now()
      from publications p
      where p.id = d.publication_id and p.note_index = ${noteIndex} and p.document is not null
        and d.state in ('waiting', 'given_up') and ${there("d")}
      returning d.host, d.inbox
    ),
    hosts as (delete from delivery_hosts where host in (select host from renewed)),
    inboxes as (delete from delivery_inboxes where inbox in (select inbox from renewed))
    select count(*) as count from renewed`.execute(trx);
  // What its author sent to the same inbox before, and what still waits there, has to go first.
  await sql`
    update deliveries earlier set next_try = now()
    from deliveries mine join publications p on p.id = mine.publication_id
    where p.note_index = ${noteIndex} and mine.state = 'waiting' and ${there("mine")}
      and earlier.host = mine.host and earlier.inbox = mine.inbox and earlier.user_id = mine.user_id
      and earlier.id < mine.id and earlier.state = 'waiting' and earlier.next_try > now()`.execute(trx);
  return rows[0]?.count ?? 0;
}
