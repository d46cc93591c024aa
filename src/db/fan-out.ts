import { sql } from "kysely";
import { inboxMayReceive, mayReceive } from "./blocked-deliveries.ts";
import { blockedBy } from "./blocks.ts";
import type { DueHost } from "./deliveries.ts";
import type { Database, Transaction } from "./schema.ts";

/** A publication whose deliveries are still to be made, and how far that has got. */
export interface FanOut {
  readonly id: number;
  readonly userId: number;
  readonly toFollowers: boolean;
  /** Whether it deletes a post, so that it goes to whoever had that too. */
  readonly deletes: boolean;
  /** The last follower for whom it is done. */
  readonly lastFollower: number;
  /** Once it is done for all followers: the last inbox that had the post for which it is done. */
  readonly lastInbox: string | null;
}

export interface FanOutBatch {
  /** Where something new waits: after the first batch only those where nothing waited before, who may be asleep. */
  readonly hosts: readonly DueHost[];
  /** Whether all deliveries of the publication have been made. */
  readonly finished: boolean;
}

/**
 * What is to be made next before a publication's deliveries are complete: the oldest of the same user's that is not,
 * which may be itself. Until the transaction ends nobody else makes deliveries for that user, so that they come into
 * being in the order of publication.
 */
export async function lockNextFanOut(trx: Transaction, publicationId: number): Promise<FanOut | undefined> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('fan_out', user_id)) from publications
    where id = ${publicationId}`.execute(trx);
  const { rows } = await sql<FanOut>`
    select publications.id, publications.user_id as "userId", publications.to_followers and publications.document is not null as "toFollowers",
      coalesce(publications.note_index is not null and publications.document::json ->> 'type' = 'Delete', false)
        as deletes,
      publications.last_follower as "lastFollower", publications.last_inbox as "lastInbox"
    from publications as last
    join publications on publications.user_id = last.user_id and publications.pending
      and publications.id <= last.id
    where last.id = ${publicationId}
    order by publications.id limit 1
    for no key update of publications`.execute(trx);
  return rows[0];
}

/**
 * Makes the next deliveries of a publication, of `size` followers or former recipients, and stores how far that has got.
 * However often it is done, an inbox has one row.
 */
export async function insertBatch(trx: Transaction, fanOut: FanOut, size: number): Promise<FanOutBatch> {
  if (fanOut.lastInbox == null) {
    const last = fanOut.toFollowers ? await findLastFollower(trx, fanOut, size) : undefined;
    const hosts = await insertDeliveries(trx, fanOut.id, { after: fanOut.lastFollower, last });
    if (last != null) await storePlace(trx, fanOut, { last_follower: last });
    else if (fanOut.deletes && fanOut.toFollowers) await storePlace(trx, fanOut, { last_inbox: "" });
    else return { hosts, finished: await finish(trx, fanOut) };
    return { hosts, finished: false };
  }
  const last = await findLastInbox(trx, fanOut.id, fanOut.lastInbox, size);
  const hosts = await insertFormerDeliveries(trx, fanOut.id, { after: fanOut.lastInbox, last });
  if (last == null) return { hosts, finished: await finish(trx, fanOut) };
  await storePlace(trx, fanOut, { last_inbox: last });
  return { hosts, finished: false };
}

/** Makes all that is left to make for a publication and those before it, in this transaction. */
export async function insertAllDeliveries(trx: Transaction, publicationId: number): Promise<void> {
  for (;;) {
    const next = await lockNextFanOut(trx, publicationId);
    if (next == null) return;
    await insertBatch(trx, next, 10_000);
  }
}

async function storePlace(
  trx: Transaction,
  { id }: FanOut,
  place: { last_follower: number } | { last_inbox: string },
): Promise<void> {
  await trx.updateTable("publications").set(place).where("id", "=", id).execute();
}

async function finish(trx: Transaction, { id }: FanOut): Promise<true> {
  await trx
    .updateTable("publications")
    .set({ pending: false, last_inbox: null })
    .where("id", "=", id)
    .execute();
  return true;
}

/** Where a batch of followers ends; `undefined` where those that are left are fewer. */
async function findLastFollower(trx: Transaction, fanOut: FanOut, size: number): Promise<number | undefined> {
  const row = await trx
    .selectFrom("followers")
    .select("id")
    .where("user_id", "=", fanOut.userId)
    .where("id", ">", fanOut.lastFollower)
    .orderBy("id")
    .offset(size - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}

/**
 * Makes one row for every inbox that is to have the publication: its recipient's, those of the followers after `after`
 * up to `last`, the shared one where there is one, or both. One statement, however many they are; doing it twice changes
 * nothing, and what was erased meanwhile is sent to nobody. Whoever is blocked gets none. Gives the hosts to wake.
 */
export async function insertDeliveries(
  db: Database,
  publicationId: number,
  { after, last }: { after: number; last: number | undefined },
): Promise<DueHost[]> {
  const sender = {
    userId: sql<number>`publication.user_id`,
    document: sql<string>`publication.document`,
  };
  const recipient = { iri: sql<string>`remote_actors.iri`, inbox: sql<string>`remote_actors.inbox` };
  const { rows } = await sql<DueHost>`
    with publication as (
      select * from publications where id = ${publicationId} and document is not null),
    made as (
      insert into deliveries (publication_id, user_id, inbox, host)
      select ${publicationId}, user_id, inbox, substring(inbox from '^https?://([^/?#]+)')
      from (
        select publication.user_id,
          case when to_followers then coalesce(shared_inbox, inbox) else inbox end as inbox
        from publication join remote_actors on remote_actors.id = publication.recipient_id
        where ${mayReceive(sender, recipient)}
        union
        select publication.user_id, coalesce(remote_actors.shared_inbox, remote_actors.inbox)
        from publication
        join followers on followers.user_id = publication.user_id
        join remote_actors on remote_actors.id = followers.actor_id
        where publication.to_followers and followers.id > ${after}
          and followers.id <= ${last ?? Number.MAX_SAFE_INTEGER}
          and not ${blockedBy(sender.userId, recipient.iri)}
          and not ${blockedBy(sender.userId, recipient.inbox)}
      ) as inboxes
      on conflict (publication_id, inbox) do nothing
      returning host)
    ${hostsOfMade(after === 0)}`.execute(db);
  return rows;
}

/** Of the rows of the statement itself, which doesn't see them among the deliveries. */
function hostsOfMade(all: boolean) {
  return sql`
    select host,
      exists (select from delivery_hosts h where h.host = hosts.host)
        or exists (select from delivery_inboxes i where i.host = hosts.host) as troubled
    from (select distinct host from made) as hosts
    where ${all} or not exists (select from deliveries d where d.host = hosts.host and d.state = 'waiting')`;
}

/** Publications about the post that another one deletes, made before it. */
function earlierThan(publicationId: number) {
  return sql`
    select earlier.id from publications publication
    join publications earlier on earlier.note_index = publication.note_index
      and earlier.user_id = publication.user_id and earlier.id < publication.id
    where publication.id = ${publicationId}`;
}

/** Where a batch of former recipients ends, by the order of their inboxes; `undefined` where those left are fewer. */
async function findLastInbox(
  trx: Transaction,
  publicationId: number,
  after: string,
  size: number,
): Promise<string | undefined> {
  // An inbox may have had every one of the earlier publications: so many rows are looked at, not so many inboxes.
  const share = sql`(select greatest(1, ${size}::int / greatest(1, count(*))) from earlier)`;
  const { rows } = await sql<{ inbox: string }>`
    with earlier as materialized (${earlierThan(publicationId)})
    select distinct sent.inbox
    from earlier cross join lateral (
      select inbox from deliveries where publication_id = earlier.id and inbox > ${after}
      order by inbox limit ${share}) as sent
    order by inbox offset ${share} - 1 limit 1`.execute(trx);
  return rows[0]?.inbox;
}

/** The same as {@link insertDeliveries} for the inboxes that had the post which the publication deletes. */
async function insertFormerDeliveries(
  trx: Transaction,
  publicationId: number,
  { after, last }: { after: string; last: string | undefined },
): Promise<DueHost[]> {
  const sender = {
    userId: sql<number>`publication.user_id`,
    document: sql<string>`publication.document`,
  };
  const { rows } = await sql<DueHost>`
    with earlier as materialized (${earlierThan(publicationId)}),
    sent as (
      select deliveries.inbox
      from earlier join deliveries on deliveries.publication_id = earlier.id
      where deliveries.inbox > ${after} and (${last ?? null}::text is null or deliveries.inbox <= ${last ?? null})
      group by deliveries.inbox
      having bool_or(state = 'delivered')
        and not bool_or(state = 'refused' and last_error in ('HTTP 404', 'HTTP 410'))),
    made as (
      insert into deliveries (publication_id, user_id, inbox, host)
      select publication.id, publication.user_id, sent.inbox, substring(sent.inbox from '^https?://([^/?#]+)')
      from publications publication cross join sent
      where publication.id = ${publicationId} and publication.document is not null
        and ${inboxMayReceive(sender, sql<string>`sent.inbox`)}
      on conflict (publication_id, inbox) do nothing
      returning host)
    ${hostsOfMade(after === "")}`.execute(trx);
  return rows;
}
