import { sql } from "kysely";
import type { Database } from "./schema.ts";

export interface AttemptCount {
  /** This one included. */
  readonly count: number;
  /** Seconds until counting begins anew. */
  readonly left: number;
}

/** Counts an attempt, from one on where so many seconds have passed since the first. */
export async function countAttempt(db: Database, key: Buffer, seconds: number): Promise<AttemptCount> {
  const over = sql<boolean>`attempts.expires <= now()`;
  const expires = sql<Date>`now() + make_interval(secs => ${seconds})`;
  const row = await db
    .insertInto("attempts")
    .values({ key, count: 1, expires })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet({
        count: sql<number>`case when ${over} then 1 else attempts.count + 1 end`,
        expires: sql<Date>`case when ${over} then excluded.expires else attempts.expires end`,
      }),
    )
    .returning(["count", sql<number>`ceil(extract(epoch from expires - now()))::int`.as("left")])
    .executeTakeFirstOrThrow();
  return { count: row.count, left: Math.max(1, row.left) };
}

/** Forgets some of what nobody counts any more: more than one a call, so that it never piles up. */
export async function forgetAttempts(db: Database): Promise<void> {
  await db
    .deleteFrom("attempts")
    .where("key", "in", (query) =>
      query
        .selectFrom("attempts")
        .select("key")
        .where("expires", "<", sql<Date>`now()`)
        .limit(10)
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}
