import { inTransaction } from "../db/connection.ts";
import { listWaitingHosts } from "../db/deliveries.ts";
import { insertPendingDeliveries, insertPublication } from "../db/publications.ts";
import type { Database, Transaction } from "../db/schema.ts";
import type { Publication } from "../registry/context.ts";
import { wakeHosts } from "./delivery-workers.ts";
import type { Jobs } from "./jobs.ts";

/** Stores an activity as its exact bytes, with the job that will send it out: both in the caller's transaction. */
export async function publish(jobs: Jobs, trx: Transaction, publication: Publication): Promise<void> {
  const id = await insertPublication(trx, {
    iri: publication.iri,
    userId: publication.userId,
    activityIndex: publication.activityIndex ?? null,
    noteIndex: publication.noteIndex ?? null,
    recipientId: publication.recipientId ?? null,
    toFollowers: publication.toFollowers ?? publication.recipientId == null,
    document: publication.document,
    created: publication.created,
  });
  await jobs.send("publish", { publication: id }, { trx });
}

/**
 * Makes a row for every inbox that is to have a publication, after those of what the same user published before it. Then
 * it wakes the hosts: once the rows are committed, so that no wake-up is lost.
 */
export async function fanOut(db: Database, jobs: Jobs, publication: number): Promise<void> {
  await inTransaction(db, (trx) => insertPendingDeliveries(trx, publication));
  await wakeHosts(jobs, await listWaitingHosts(db, publication));
}
