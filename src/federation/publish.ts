import { inTransaction } from "../db/connection.ts";
import { insertBatch, lockNextFanOut } from "../db/fan-out.ts";
import { insertPublication } from "../db/publications.ts";
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

/** How many followers go into one transaction, and after how many milliseconds others get their turn. */
const limits = { batch: 10_000, patience: 2000 };

/**
 * Makes a row for every inbox that is to have a publication, after those of what the same user published before it. It
 * goes through the followers in batches, each in a transaction with the place that it has got to: whoever goes on from
 * there, after a crash too, makes no row twice and leaves none out. What takes long is gone on with by another job, so
 * that other users' publications come in between. The hosts of each batch are woken once its rows are committed, so that
 * no wake-up is lost.
 */
export async function fanOut(
  db: Database,
  jobs: Jobs,
  publication: number,
  { batch, patience } = limits,
): Promise<void> {
  const deadline = performance.now() + patience;
  let over = false;
  while (!over) {
    const made = await inTransaction(db, async (trx) => {
      const next = await lockNextFanOut(trx, publication);
      if (next == null) return { hosts: [], last: true };
      const { hosts, finished } = await insertBatch(trx, next, batch);
      const last = finished && next.id === publication;
      const late = performance.now() >= deadline;
      if (late && !last) await jobs.send("publish", { publication }, { trx });
      return { hosts, last: late || last };
    });
    await wakeHosts(jobs, made.hosts);
    over = made.last;
  }
}
