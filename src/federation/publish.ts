import { insertDeliveries, insertPublication, listWaitingHosts } from "../db/publications.ts";
import type { Database, Transaction } from "../db/schema.ts";
import type { Publication } from "../registry/context.ts";
import type { Jobs } from "./jobs.ts";

/** Stores an activity as its exact bytes, with the job that will send it out: both in the caller's transaction. */
export async function publish(jobs: Jobs, trx: Transaction, publication: Publication): Promise<void> {
  const id = await insertPublication(trx, {
    iri: publication.iri,
    userId: publication.userId,
    activityIndex: publication.activityIndex ?? null,
    recipientId: publication.recipientId ?? null,
    document: publication.document,
    created: publication.created,
  });
  await jobs.send("publish", { publication: id }, { trx });
}

/** Makes a row for every inbox, then wakes every host: after the rows are committed, so that no wake-up is lost. */
export async function fanOut(db: Database, jobs: Jobs, publication: number): Promise<void> {
  await insertDeliveries(db, publication);
  for (const host of await listWaitingHosts(db, publication))
    await jobs.send("deliver", { host }, { key: host });
}
