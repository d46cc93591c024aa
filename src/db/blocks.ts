import { type RawBuilder, sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

/** Whose block it is: a user's, by his id, or the whole server's. */
export type BlockOwner = number | null;

export interface BlockTarget {
  readonly kind: "domain" | "actor";
  /** A normalised domain, which means its subdomains too, or the normalised IRI of an actor. */
  readonly target: string;
}

export interface ListedBlock extends BlockTarget {
  readonly id: number;
  readonly reason: string | null;
  readonly created: Date;
  /** Of an actor who is known here. */
  readonly username: string | null;
  readonly host: string | null;
}

/** Stores blocks, in one statement, and gives how many of them are new. */
export async function insertBlocks(
  trx: Transaction,
  owner: BlockOwner,
  blocks: readonly (BlockTarget & { readonly reason: string | null })[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into blocks (user_id, kind, target, reason)
    select ${owner}::bigint, kind, target, reason
    from unnest(${blocks.map(({ kind }) => kind)}::text[], ${blocks.map(({ target }) => target)}::text[],
      ${blocks.map(({ reason }) => reason)}::text[]) as listed (kind, target, reason)
    on conflict do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0n);
}

/** Gives whether there was such a block. */
export async function deleteBlock(db: Database, owner: BlockOwner, block: BlockTarget): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("blocks")
    .where("user_id", "is not distinct from", owner)
    .where("kind", "=", block.kind)
    .where("target", "=", block.target)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Somebody's blocks, newest first, before the id `before`. */
export function listBlocks(
  db: Database,
  owner: BlockOwner,
  page: { before: number; limit: number; kind?: BlockTarget["kind"] },
): Promise<ListedBlock[]> {
  return db
    .selectFrom("blocks")
    .leftJoin("remote_actors", "remote_actors.iri", "blocks.target")
    .select(["blocks.id", "kind", "target", "reason", "blocks.created"])
    .select(["remote_actors.username", "remote_actors.host"])
    .where("user_id", "is not distinct from", owner)
    .where("blocks.id", "<", page.before)
    .$if(page.kind != null, (query) => query.where("kind", "=", page.kind ?? "domain"))
    .orderBy("blocks.id", "desc")
    .limit(page.limit)
    .execute();
}

/** What is blocked for the whole server. */
export function listServerBlocks(db: Database): Promise<BlockTarget[]> {
  return db.selectFrom("blocks").select(["kind", "target"]).where("user_id", "is", null).execute();
}

/**
 * The condition, for queries, that an actor's IRI or an inbox's URL is blocked for the whole server, or else by the user
 * with the id `owner` (an expression, as `url` is). It stands in the query itself, since a function of the database
 * would be called row by row.
 */
export function blockedBy(owner: RawBuilder<number | null>, url: RawBuilder<string>): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from blocks
    where (blocks.user_id is null or blocks.user_id = ${owner})
      and (blocks.kind = 'domain' and blocks.target = any (parent_domains(url_domain(${url})))
        or blocks.kind = 'actor' and blocks.target = regexp_replace(${url}, '^([a-zA-Z]+://)[^/?#]*@', '\\1')))`;
}

/** Whether an actor (by the normalised IRI) is blocked for the whole server, or else by that user. */
export async function isBlocked(db: Database, owner: BlockOwner, iri: string): Promise<boolean> {
  const { rows } = await sql<{ blocked: boolean }>`
    select ${blockedBy(sql`${owner}::bigint`, sql`${iri}::text`)} as blocked`.execute(db);
  return rows[0]?.blocked ?? false;
}

/** Until the transaction ends nobody else makes or ends, by a block, who follows the user. */
export async function lockRelations(trx: Transaction, userId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('relations', ${userId}::bigint))`.execute(trx);
}

/** The actor who has that name at that host, where he is known here. */
export async function findActorByHandle(
  db: Database,
  handle: { username: string; host: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom("remote_actors")
    .select("iri")
    .where("username", "=", handle.username)
    .where("host", "=", handle.host)
    .executeTakeFirst();
  return row?.iri;
}

/** Somebody who follows a user or is followed by him, by the ids of the Follows. */
export interface Relation {
  readonly actorId: number;
  readonly iri: string;
  /** Of the actor, to follow the user. */
  readonly followerIri: string | null;
  /** Of the user, to follow the actor. */
  readonly followingIri: string | null;
}

/** A user's relations, both ways, with actors whom he has blocked, by name or by domain. */
export async function listBlockedRelations(trx: Transaction, userId: number): Promise<Relation[]> {
  const { rows } = await sql<Relation>`
    select remote_actors.id as "actorId", iri, followers.follow_iri as "followerIri",
      following.follow_iri as "followingIri"
    from (select actor_id from followers where user_id = ${userId}
      union select actor_id from following where user_id = ${userId}) as related
    join remote_actors on remote_actors.id = related.actor_id
    left join followers on followers.actor_id = related.actor_id and followers.user_id = ${userId}
    left join following on following.actor_id = related.actor_id and following.user_id = ${userId}
    where ${blockedBy(sql`${userId}::bigint`, sql`iri`)}
    order by remote_actors.id`.execute(trx);
  return rows;
}
