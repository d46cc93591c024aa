import { sql } from "kysely";
import type { Database } from "./schema.ts";

/** A claim, or the withdrawal of one. */
export interface ObjectChange {
  readonly index: number;
  readonly type: "claimed" | "deleted";
  /** The index of the claim that it is about: of a claim, its own. */
  readonly claimIndex: number;
  /** `null` once the claim is withdrawn: nobody knows it any more. */
  readonly contentHash: string | null;
  readonly created: Date;
}

export interface ObjectChanges {
  /** By their index, from `since` on. */
  readonly changes: ObjectChange[];
  /** How many activities the log had at that moment, which is the index of the next one. */
  readonly logSize: number;
}

/** What was claimed and withdrawn at the index `since` and after it, up to `limit` changes. */
export async function listObjectChanges(
  db: Database,
  page: { since: number; limit: number },
): Promise<ObjectChanges> {
  // One statement sees the log and its size as they were at one moment.
  const { rows } = await sql<Row>`
    select log.size, change.*
    from log left join lateral (
      select activities.index, activities.type, activities.created,
        coalesce(activities.claim_index, activities.index) as claim_index, assets.content_hash
      from activities left join assets on assets.activity_index = activities.index
      where activities.type in ('Create', 'Delete') and activities.index >= ${page.since}
      order by activities.index
      limit ${page.limit}
    ) as change on true
    order by change.index`.execute(db);
  return {
    changes: rows.flatMap((row) => (row.index == null ? [] : [toChange(row)])),
    logSize: rows[0]?.size ?? 0,
  };
}

interface ChangeRow {
  index: number;
  type: "Create" | "Delete";
  created: Date;
  claim_index: number;
  content_hash: string | null;
}

type Row = { size: number } & (ChangeRow | { index: null });

function toChange({ index, type, created, claim_index, content_hash }: ChangeRow): ObjectChange {
  return {
    index,
    type: type === "Create" ? "claimed" : "deleted",
    claimIndex: claim_index,
    contentHash: content_hash,
    created,
  };
}
