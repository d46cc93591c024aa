import { sql } from "kysely";
import type { Database, ReportRow, Transaction } from "./schema.ts";

/** Stores what an actor, mostly a server's own, reports to the administrator. */
export async function insertReport(
  trx: Transaction,
  report: { actorIri: string; objects: string[]; content: string | null },
): Promise<void> {
  await trx
    .insertInto("reports")
    .values({
      actor_iri: report.actorIri,
      objects: report.objects,
      content: report.content,
      resolved: null,
    })
    .execute();
}

/** Reports, newest first, before the id `before`: those that are not resolved, or all. */
export function listReports(
  db: Database,
  page: { before: number; limit: number; all: boolean },
): Promise<ReportRow[]> {
  return db
    .selectFrom("reports")
    .selectAll()
    .where("id", "<", page.before)
    .$if(!page.all, (query) => query.where("resolved", "is", null))
    .orderBy("id", "desc")
    .limit(page.limit)
    .execute();
}

/** Marks a report as resolved. Gives `false` where there is none with that id; doing it twice changes nothing. */
export async function resolveReport(db: Database, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("reports")
    .set({ resolved: sql`coalesce(resolved, now())` })
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
