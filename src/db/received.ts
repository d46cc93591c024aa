import { sql } from "kysely";
import type { Database, Transaction } from "./schema.ts";

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

/** Whether an actor's activity has arrived, or whether the actor has undone or deleted what has that id. */
export async function isReceived(db: Database, activity: { actor: string; id: string }): Promise<boolean> {
  const row = await db
    .selectFrom("received_activities")
    .select("activity_iri")
    .where("actor_iri", "=", activity.actor)
    .where("activity_iri", "=", activity.id)
    .executeTakeFirst();
  return row != null;
}

/**
 * Forgets the oldest ids that were received more than so many days ago, `limit` at most. Gives how many they were.
 */
export async function forgetReceived(
  db: Database,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from received_activities where ctid = any (array(
      select ctid from received_activities where received < now() - make_interval(days => ${days}::int)
      order by received limit ${limit}::int for update skip locked))`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
