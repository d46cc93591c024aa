import type { Transaction } from "./schema.ts";

/**
 * Notes that an actor's activity has arrived. Gives `false` where it had before: then nothing of it may take effect
 * again. To be called first in the transaction that carries the effect.
 */
export async function insertReceived(
  trx: Transaction,
  activity: { actor: string; id: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto("received_activities")
    .values({ actor_iri: activity.actor, activity_iri: activity.id })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
