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
  /** Whether the inbox failed the last time, while its host did not. */
  readonly troubled: boolean;
}

/**
 * What is to be sent to a host now: of each sender and inbox the oldest waiting delivery, where it is due, but for the
 * inboxes in `except`. Those that failed the last time come last, the others in the order in which they were made; but
 * where the host failed the last time, what was tried less often comes first, so that it is not judged by the same
 * inboxes again. Nothing while the host is held, nor of a sender who is suspended.
 */
export async function listDueDeliveries(
  db: Database,
  host: string,
  { limit, except = [] }: { limit: number; except?: readonly string[] },
): Promise<DueDelivery[]> {
  // One step through the index a sender and inbox, however long their lines are.
  const { rows } = await sql<DueDelivery>`
    with recursive line as (
      (select id, inbox, user_id, publication_id, attempts, next_try from deliveries
        where host = ${host} and state = 'waiting' order by inbox, user_id, id limit 1)
      union all
      select next.* from line, lateral (
        select id, inbox, user_id, publication_id, attempts, next_try from deliveries
        where host = ${host} and state = 'waiting' and (inbox, user_id) > (line.inbox, line.user_id)
        order by inbox, user_id, id limit 1) as next
    )
    select line.id, line.inbox, line.user_id as "userId", users.username, line.attempts, publications.document,
      held.inbox is not null as troubled
    from line
    join publications on publications.id = line.publication_id and publications.document is not null
    join users on users.id = line.user_id and users.suspended is null
    left join delivery_inboxes held on held.inbox = line.inbox
    left join delivery_hosts on delivery_hosts.host = ${host}
    where line.next_try <= now() and line.inbox <> all (${except}::text[])
      and (held.held_until is null or held.held_until <= now())
      and (delivery_hosts.held_until is null or delivery_hosts.held_until <= now())
    order by troubled, case when delivery_hosts.host is not null then line.attempts end, line.id
    limit ${limit}`.execute(db);
  return rows;
}

/** A host for which something is due. */
export interface DueHost {
  readonly host: string;
  /** Whether it, or an inbox of it, failed the last time. */
  readonly troubled: boolean;
}

/**
 * The hosts that are not held and for which something is due (the first of some line at least), among the next `limit`
 * hosts in their order for which something waits. `last` is the one to go on after; `undefined` when they were all.
 */
export async function listDueHosts(
  db: Database,
  { after = "", limit = 5000 } = {},
): Promise<{ hosts: DueHost[]; last: string | undefined }> {
  // One step through the index a host, however many rows wait for it.
  const { rows } = await sql<DueHost & { due: boolean }>`
    with recursive waiting(host, number) as (
      (select host, 1 from deliveries where state = 'waiting' and host > ${after} order by host limit 1)
      union all
      select (select next.host from deliveries next
        where next.state = 'waiting' and next.host > waiting.host order by next.host limit 1), number + 1
      from waiting where waiting.host is not null and number < ${limit}
    )
    select waiting.host,
      held.host is not null or exists (select from delivery_inboxes i where i.host = waiting.host) as troubled,
      (held.held_until is null or held.held_until <= now()) and exists (
        select from (
          select distinct on (inbox, user_id) inbox, user_id, next_try from deliveries
          where deliveries.host = waiting.host and state = 'waiting' order by inbox, user_id, id
        ) as line
        where line.next_try <= now() and not exists (
          select from delivery_inboxes i where i.inbox = line.inbox and i.held_until > now())
          and not exists (select from users where users.id = line.user_id and suspended is not null)) as due
    from waiting
    left join delivery_hosts held on held.host = waiting.host
    where waiting.host is not null
    order by number`.execute(db);
  return {
    hosts: rows.filter(({ due }) => due),
    last: rows.length === limit ? rows.at(-1)?.host : undefined,
  };
}

/** Marks a delivery, and forgets that its inbox and its host failed. */
export async function markDelivered(
  db: Database,
  delivery: { id: number; inbox: string; host: string },
): Promise<void> {
  await sql`
    with host as (delete from delivery_hosts where host = ${delivery.host}),
      inbox as (delete from delivery_inboxes where inbox = ${delivery.inbox})
    update deliveries set state = 'delivered', delivered = now(), attempts = attempts + 1, last_error = null
    where id = ${delivery.id}`.execute(db);
}

/**
 * Notes that a delivery failed. It waits for so many seconds, or, where `state` is given, it has ended. One that was
 * ended meanwhile stays so.
 */
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
    .where("state", "=", "waiting")
    .execute();
}

/**
 * Gives up what has waited for more than so many seconds: for a host, one inbox of it, or one sender there. So what
 * stands behind a delivery that was tried in vain for days does not wait for as long again.
 */
export async function giveUpOld(
  db: Database,
  place: { host: string; inbox?: string; userId?: number },
  { age, error }: { age: number; error: string },
): Promise<void> {
  await sql`
    update deliveries set state = 'given_up', last_error = coalesce(last_error, ${error})
    where host = ${place.host} and state = 'waiting'
      and (${place.inbox ?? null}::text is null or inbox = ${place.inbox ?? null})
      and (${place.userId ?? null}::bigint is null or user_id = ${place.userId ?? null})
      and started < now() - make_interval(secs => ${age})`.execute(db);
}
