import { sql } from "kysely";
import type { ActivityType, Database, Transaction } from "./schema.ts";

/** The index that comes next. Until the transaction ends nobody else gets one, so the log has no gaps. */
export async function lockLog(trx: Transaction): Promise<number> {
  const { size } = await trx.selectFrom("log").select("size").forUpdate().executeTakeFirstOrThrow();
  return size;
}

export interface NewActivity {
  readonly index: number;
  readonly userId: number;
  readonly type: ActivityType;
  readonly document: string;
  readonly created: Date;
  /** For an Update or a Delete: the index of the claim that it is about. */
  readonly claimIndex?: number;
}

/** Appends to the log, at the index that `lockLog` gave. */
export async function appendActivity(trx: Transaction, activity: NewActivity): Promise<void> {
  await trx
    .insertInto("activities")
    .values({
      index: activity.index,
      user_id: activity.userId,
      type: activity.type,
      claim_index: activity.claimIndex ?? null,
      document: activity.document,
      created: activity.created,
    })
    .execute();
  await trx
    .updateTable("log")
    .set({ size: sql`size + 1` })
    .execute();
}

/**
 * Erases a claim and its Updates from the log. Their places stay, and of each document its RFC 6962 leaf hash: SHA-256
 * of a zero byte and the document.
 */
export async function eraseClaim(trx: Transaction, claimIndex: number): Promise<void> {
  await sql`
    update activities
    set leaf_hash = sha256('\\x00'::bytea || convert_to(document, 'UTF8')), document = null
    where (index = ${claimIndex} or claim_index = ${claimIndex})
      and type in ('Create', 'Update') and document is not null`.execute(trx);
}

/** How many activities the log holds. */
export async function getLogSize(db: Database): Promise<number> {
  const { size } = await db.selectFrom("log").select("size").executeTakeFirstOrThrow();
  return size;
}

export interface LogEntry {
  readonly index: number;
  readonly type: ActivityType;
  readonly username: string;
  /** The exact bytes, as text; `null` once it is erased. */
  readonly document: string | null;
  readonly created: Date;
}

export function findActivity(db: Database, index: number): Promise<LogEntry | undefined> {
  return selectEntries(db).where("activities.index", "=", index).executeTakeFirst();
}

/** Throws where the log has no such index. */
export function getActivity(db: Database, index: number): Promise<LogEntry> {
  return selectEntries(db).where("activities.index", "=", index).executeTakeFirstOrThrow();
}

/** Newest first, before the index `before`. */
export function listActivities(db: Database, page: { before: number; limit: number }): Promise<LogEntry[]> {
  return selectEntries(db)
    .where("activities.index", "<", page.before)
    .orderBy("activities.index", "desc")
    .limit(page.limit)
    .execute();
}

/** Oldest first, after the index `after`. */
export function listActivitiesAfter(db: Database, after: number, limit: number): Promise<LogEntry[]> {
  return selectEntries(db)
    .where("activities.index", ">", after)
    .orderBy("activities.index")
    .limit(limit)
    .execute();
}

function selectEntries(db: Database) {
  return db
    .selectFrom("activities")
    .innerJoin("users", "users.id", "activities.user_id")
    .select([
      "activities.index",
      "activities.type",
      "activities.document",
      "activities.created",
      "users.username",
    ]);
}
