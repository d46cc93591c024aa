import { sql } from "kysely";
import type { Database } from "./schema.ts";

/** A host to which nothing is sent for a while, since it failed. */
export interface FailingHost {
  readonly host: string;
  /** How often in a row. */
  readonly failures: number;
  readonly heldUntil: Date;
  readonly lastError: string | null;
  /** Deliveries that wait for it. */
  readonly waiting: number;
}

/** Those that fail longest first, at most so many. */
export async function listFailingHosts(db: Database, limit: number): Promise<FailingHost[]> {
  const { rows } = await sql<FailingHost>`
    select h.host, h.failures, h.held_until as "heldUntil", h.last_error as "lastError",
      (select count(*) from deliveries d where d.host = h.host and d.state = 'waiting') as waiting
    from delivery_hosts h
    order by h.failures desc, h.host limit ${limit}`.execute(db);
  return rows;
}

/** Ends the wait of a host; gives whether there was one. */
export async function releaseHost(db: Database, host: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("delivery_hosts")
    .set({ held_until: sql`now()` })
    .where("host", "=", host)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
