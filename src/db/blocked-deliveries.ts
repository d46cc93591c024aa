import { type RawBuilder, sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { Database } from "./schema.ts";

/** What a delivery that was ended by a block says of itself. */
export const blockedReason = "The recipient is blocked.";

/**
 * The condition, for queries, that a user's activity may go to an actor at an inbox. Whom the server blocks gets
 * nothing; whom the user himself blocks gets only what takes something back. All arguments are expressions.
 */
export function mayReceive(
  publication: { userId: RawBuilder<number>; document: RawBuilder<string> },
  actor: { iri: RawBuilder<string>; inbox: RawBuilder<string> },
): RawBuilder<boolean> {
  const { userId, document } = publication;
  const blocked = (owner: RawBuilder<number | null>) =>
    sql`(${blockedBy(owner, actor.iri)} or ${blockedBy(owner, actor.inbox)})`;
  return sql<boolean>`(not ${blocked(sql`null`)}
    and (not ${blocked(userId)} or (${document})::json ->> 'type' in ('Undo', 'Reject', 'Delete')))`;
}

/**
 * The same for an inbox, whoever is behind it: one that several actors share is served while one of them isn't blocked.
 */
export function inboxMayReceive(
  publication: { userId: RawBuilder<number>; document: RawBuilder<string> },
  inbox: RawBuilder<string>,
): RawBuilder<boolean> {
  return sql<boolean>`(${mayReceive(publication, { iri: inbox, inbox })}
    and (not ${inbox} in (
        select inbox from remote_actors join blocks on blocks.kind = 'actor' and blocks.target = remote_actors.iri)
      or exists (
        select from remote_actors actors
        where ${inbox} in (actors.inbox, actors.shared_inbox)
          and ${mayReceive(publication, { iri: sql<string>`actors.iri`, inbox })})))`;
}

/** Ends what waits to be delivered, to a host or to all of them, to those who are blocked now. */
export async function refuseBlockedDeliveries(db: Database, host?: string): Promise<void> {
  const publication = {
    userId: sql<number>`deliveries.user_id`,
    document: sql<string>`publications.document`,
  };
  // Which rows are concerned is asked of the hosts first, of which there are fewer.
  await sql`
    update deliveries set state = 'refused', last_error = ${blockedReason}
    from publications
    where publications.id = deliveries.publication_id and deliveries.state = 'waiting'
      and deliveries.host in (${host == null ? concernedHosts : sql`select ${host} where exists (select from blocks)`})
      and not ${inboxMayReceive(publication, sql<string>`deliveries.inbox`)}`.execute(db);
}

/** The hosts for which something waits and of which somebody has blocked something: one step through the index a host. */
const concernedHosts = sql`
  with recursive waiting(host) as (
    (select host from deliveries where state = 'waiting' order by host limit 1)
    union all
    select (select next.host from deliveries next
      where next.state = 'waiting' and next.host > waiting.host order by next.host limit 1)
    from waiting where waiting.host is not null
  )
  select host from waiting
  where host is not null and (
    exists (
      select from blocks
      where kind = 'domain' and target = any (parent_domains(url_domain('https://' || waiting.host))))
    or host in (
      select substring(inbox from '^https?://([^/?#]+)')
      from remote_actors join blocks on blocks.kind = 'actor' and blocks.target = remote_actors.iri))`;
