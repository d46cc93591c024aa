import { randomUUID } from "node:crypto";
import { buildReject, buildUndoFollow } from "../claims/activities.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { domainOf } from "../core/domain.ts";
import { refuseBlockedDeliveries } from "../db/blocked-deliveries.ts";
import {
  type BlockOwner,
  type BlockTarget,
  deleteBlock,
  insertBlocks,
  listBlockedRelations,
  lockRelations,
  type Relation,
} from "../db/blocks.ts";
import { inTransaction } from "../db/connection.ts";
import { deleteFollower } from "../db/followers.ts";
import { deleteFollowing } from "../db/following.ts";
import type { Database, Transaction } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";

type Context = Pick<RegistryContext, "db" | "paths" | "publish">;

/** Who blocks: a user for himself, or (`null`) the administrator for everybody here. */
export type Blocker = { readonly id: number; readonly username: string } | null;

export interface NewBlock extends BlockTarget {
  readonly reason: string | null;
}

export type BlockResult =
  /** How many of the blocks are new. */
  | { readonly type: "blocked"; readonly added: number }
  /** Nobody can block the domain of this server. */
  | { readonly type: "own_domain" };

/**
 * Blocks domains and actors, all or none. What waits to be delivered to them is refused. A user's block also ends
 * following both ways, of which the actors are told by `Undo` and `Reject`, and of nothing else. For the server's, see
 * {@link blockForServer}.
 */
export function block(context: Context, blocker: Blocker, blocks: readonly NewBlock[]): Promise<BlockResult> {
  if (blocker == null) return blockForServer(context, blocks);
  return insert(context, blocker.id, blocks, (trx) => endRelations(context, trx, blocker));
}

/**
 * Blocks for the whole server. Who follows whom stays as it is: while the block stands nothing passes either way, and
 * when it is lifted all is as before.
 */
export function blockForServer(
  context: Pick<Context, "db" | "paths">,
  blocks: readonly NewBlock[],
): Promise<BlockResult> {
  return insert(context, null, blocks, () => Promise.resolve());
}

/** Lifts a block. Gives `false` where there was none. What it ended stays ended. */
export function unblock(db: Database, blocker: Blocker, target: BlockTarget): Promise<boolean> {
  return deleteBlock(db, blocker?.id ?? null, target);
}

async function insert(
  { db, paths }: Pick<Context, "db" | "paths">,
  owner: BlockOwner,
  blocks: readonly NewBlock[],
  conclude: (trx: Transaction) => Promise<void>,
): Promise<BlockResult> {
  const own = domainOf(paths.origin);
  if (blocks.some(({ kind, target }) => kind === "domain" && target === own)) return { type: "own_domain" };
  return await inTransaction(db, async (trx) => {
    const added = await insertBlocks(trx, owner, blocks);
    if (added > 0) {
      await refuseBlockedDeliveries(trx);
      await conclude(trx);
    }
    return { type: "blocked", added };
  });
}

async function endRelations(
  context: Context,
  trx: Transaction,
  user: { id: number; username: string },
): Promise<void> {
  // A Follow that is handled at this moment is stored by now, or will find the block.
  await lockRelations(trx, user.id);
  for (const relation of await listBlockedRelations(trx, user.id)) {
    const { actorId } = relation;
    await deleteFollowing(trx, { userId: user.id, actorId });
    await deleteFollower(trx, { userId: user.id, actorId });
    for (const farewell of buildFarewells(context, user.username, relation)) {
      await context.publish(trx, {
        iri: String(farewell["id"]),
        userId: user.id,
        document: toStoredText(farewell),
        created: new Date(),
        recipientId: actorId,
      });
    }
  }
}

function buildFarewells({ paths }: Context, username: string, relation: Relation): JsonObject[] {
  const { iri, followerIri, followingIri } = relation;
  const actor = paths.actor(username);
  const id = (kind: string) => paths.fragment(username, kind, randomUUID());
  return [
    ...(followingIri == null ? [] : [buildUndoFollow(id("undos"), actor, { id: followingIri, object: iri })]),
    ...(followerIri == null ? [] : [buildReject(id("rejects"), actor, { id: followerIri, actor: iri })]),
  ];
}
