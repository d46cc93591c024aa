import { sql } from "kysely";
import { digest } from "./burnt.ts";
import type { Database } from "./schema.ts";

/** A hash that somebody asks about. */
export interface AskedObject {
  /** As it was asked. */
  readonly asked: string;
  readonly contentHash: string;
  /** The object's of a first claim, under which it was burnt if that was withdrawn. */
  readonly address: string;
}

export interface ObjectStatus {
  readonly asked: string;
  /** `deleted`: every claim to the hash was withdrawn. */
  readonly status: "claimed" | "deleted" | "unknown";
  /** The index of the first claim that was not withdrawn. */
  readonly firstIndex: number | null;
}

/** What is known of each hash, by one statement. */
export async function listObjectStatuses(
  db: Database,
  burnKey: Uint8Array,
  objects: readonly AskedObject[],
): Promise<ObjectStatus[]> {
  const asked = objects.map((object) => object.asked);
  const hashes = objects.map(({ contentHash }) => contentHash);
  const digests = objects.map(({ address }) => digest(burnKey, address));
  // Scalar subqueries look each hash up in an index; what can be made a join may be planned as a scan of the tables.
  const { rows } = await sql<{ asked: string; first_index: number | null; burnt: true | null }>`
    select object.asked,
      (select min(activity_index) from assets where assets.content_hash = object.content_hash) as first_index,
      (select true from burnt where burnt.digest = object.digest) as burnt
    from unnest(${asked}::text[], ${hashes}::text[], ${digests}::bytea[])
      as object (asked, content_hash, digest)`.execute(db);
  return rows.map(({ asked, first_index: firstIndex, burnt }) => ({
    asked,
    // A later claim never has the bare address, so where that is burnt the first claim is gone.
    status: firstIndex != null ? "claimed" : burnt === true ? "deleted" : "unknown",
    firstIndex,
  }));
}
