import { type RawBuilder, sql } from "kysely";
import { blockedBy } from "./blocks.ts";
import type { Database, Transaction } from "./schema.ts";

export interface NewInteraction {
  readonly kind: "like" | "share" | "reply";
  readonly iri: string;
  readonly actorId: number;
  readonly assetId: number;
  readonly content?: string;
  readonly url?: string | null;
  readonly published: Date;
}

/**
 * Stores what a remote actor made of a post. A like or a share takes the place of the actor's earlier one, since its id
 * is the one that can be undone; a reply that is known stays as it is.
 */
export async function insertInteraction(trx: Transaction, interaction: NewInteraction): Promise<void> {
  const { kind, iri, actorId, assetId, content, url, published } = interaction;
  if (kind !== "reply") {
    await trx
      .deleteFrom("interactions")
      .where("actor_id", "=", actorId)
      .where("asset_id", "=", assetId)
      .where("kind", "=", kind)
      .execute();
  }
  await trx
    .insertInto("interactions")
    .values({
      kind,
      iri,
      actor_id: actorId,
      asset_id: assetId,
      content: content ?? null,
      url: url ?? null,
      published,
      updated: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Deletes what an actor made of a post, where it has that id and that actor. */
export async function deleteInteraction(
  trx: Transaction,
  { actorIri, iri, kinds }: { actorIri: string; iri: string; kinds: readonly NewInteraction["kind"][] },
): Promise<void> {
  await trx
    .deleteFrom("interactions")
    .using("remote_actors")
    .whereRef("remote_actors.id", "=", "interactions.actor_id")
    .where("remote_actors.iri", "=", actorIri)
    .where("interactions.iri", "=", iri)
    .where("kind", "in", kinds)
    .execute();
}

/** Deletes an actor's like or share of the post of the claim at the index, whatever its id. */
export async function deleteInteractionWith(
  trx: Transaction,
  { actorIri, kind, index }: { actorIri: string; kind: "like" | "share"; index: number },
): Promise<void> {
  await trx
    .deleteFrom("interactions")
    .using(["remote_actors", "assets"])
    .whereRef("remote_actors.id", "=", "interactions.actor_id")
    .whereRef("assets.id", "=", "interactions.asset_id")
    .where("remote_actors.iri", "=", actorIri)
    .where("assets.activity_index", "=", index)
    .where("kind", "=", kind)
    .execute();
}

/** Changes an actor's own reply, unless it was changed later than `updated` already. */
export async function updateReply(
  trx: Transaction,
  reply: { actorIri: string; iri: string; content: string; url: string | null; updated: Date },
): Promise<void> {
  await trx
    .updateTable("interactions")
    .from("remote_actors")
    .set({ content: reply.content, url: reply.url, updated: reply.updated })
    .whereRef("remote_actors.id", "=", "interactions.actor_id")
    .where("remote_actors.iri", "=", reply.actorIri)
    .where("interactions.iri", "=", reply.iri)
    .where("kind", "=", "reply")
    .where((eb) => eb.or([eb("updated", "is", null), eb("updated", "<", reply.updated)]))
    .execute();
}

export interface InteractionCounts {
  readonly likes: number;
  readonly shares: number;
  readonly replies: number;
}

/**
 * How often other servers' people made that of an asset, in a query that selects from `assets`, without those by whom
 * its owner or the server blocks. Domains are looked for once a host, since there are far fewer of them than actors.
 */
function countRemote(kind: NewInteraction["kind"]): RawBuilder<number> {
  const mine = sql`(blocks.user_id is null or blocks.user_id = assets.user_id)`;
  return sql<number>`(select coalesce(sum(hosts.count), 0)::bigint from (
      select remote_actors.host, count(*) from interactions
      join remote_actors on remote_actors.id = interactions.actor_id
      where asset_id = assets.id and interactions.kind = ${sql.lit(kind)} and not exists (
        select from blocks where blocks.kind = 'actor' and blocks.target = remote_actors.iri and ${mine})
      group by remote_actors.host) as hosts
    where not exists (
      select from blocks where blocks.kind = 'domain' and ${mine}
        and blocks.target = any (parent_domains(url_domain('https://' || hosts.host)))))`;
}

/** The counts of an asset in a query that selects from `assets`: what other servers' people made of it, and our own. */
export const interactionCounts = [
  sql<number>`${countRemote("like")}
    + (select count(*) from reactions where asset_id = assets.id and kind = 'like' and undone is null)`.as(
    "likes",
  ),
  sql<number>`${countRemote("share")}
    + (select count(*) from shares where asset_id = assets.id)`.as("shares"),
  sql<number>`${countRemote("reply")}
    + (select count(*) from reactions where asset_id = assets.id and kind = 'reply')`.as("replies"),
];

/** A reply to a post, from another server or from here. */
export interface ReplyView {
  readonly iri: string;
  readonly url: string | null;
  /** HTML that was sent here; `null` where it was written here. */
  readonly html: string | null;
  /** Plain text that was written here. */
  readonly text: string | null;
  readonly published: Date;
  /** Of a remote author. */
  readonly actor: string | null;
  readonly name: string | null;
  readonly username: string | null;
  /** `null`: this server. */
  readonly host: string | null;
}

/** The replies to an asset's post, the newest first, without those by whom its owner or the server blocks. */
export async function listReplies(db: Database, assetId: number, limit: number): Promise<ReplyView[]> {
  const owner = sql<number>`(select user_id from assets where id = ${assetId})`;
  const { rows } = await sql<ReplyView>`
    (select interactions.iri, interactions.url, content as html, null as text, published, remote_actors.iri as actor,
       remote_actors.name, remote_actors.username, remote_actors.host
     from interactions join remote_actors on remote_actors.id = interactions.actor_id
     where asset_id = ${assetId} and kind = 'reply' and not ${blockedBy(owner, sql`remote_actors.iri`)}
     order by interactions.id desc limit ${limit})
    union all
    (select reactions.iri, reactions.iri, null, content, reactions.created, null, null, users.username, null
     from reactions join users on users.id = reactions.user_id
     where asset_id = ${assetId} and kind = 'reply' order by reactions.id desc limit ${limit})
    order by published desc limit ${limit}`.execute(db);
  return rows;
}
