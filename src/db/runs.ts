import type { Database, Transaction } from "./schema.ts";

/** What makes a run the same run: a renderer derives ids from recipe and inputs, so that users may share one. */
export interface RunKey {
  readonly l1Server: string;
  readonly runId: string;
  readonly userId: number;
}

export interface NewRun extends RunKey {
  /** What came of it. */
  readonly assetId: number;
  /** Exactly what the renderer said of the run. */
  readonly document: string;
  /** SHA-256 of the document in lower-case hex. */
  readonly digest: string;
}

/** The name of the asset as which a user has recorded a run. */
export async function findRecordedName(db: Database, run: RunKey): Promise<string | undefined> {
  const row = await db
    .selectFrom("runs")
    .innerJoin("assets", "assets.id", "runs.asset_id")
    .select("assets.name")
    .where("runs.l1_server", "=", run.l1Server)
    .where("runs.run_id", "=", run.runId)
    .where("runs.user_id", "=", run.userId)
    .executeTakeFirst();
  return row?.name;
}

/** Keeps what a renderer said of the run of which an asset came. */
export async function insertRun(trx: Transaction, run: NewRun): Promise<void> {
  await trx
    .insertInto("runs")
    .values({
      l1_server: run.l1Server,
      run_id: run.runId,
      user_id: run.userId,
      asset_id: run.assetId,
      document: run.document,
      digest: run.digest,
    })
    .execute();
}

/** Exactly what the renderer said of the run of which an asset came. */
export async function findRunDocument(db: Database, assetId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom("runs")
    .select("document")
    .where("asset_id", "=", assetId)
    .executeTakeFirst();
  return row?.document;
}
