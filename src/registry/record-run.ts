import { type Provenance, toProvenanceJson } from "../claims/provenance.ts";
import type { Work } from "../claims/work.ts";
import { normalizeAssetName } from "../core/asset-name.ts";
import { findOrigin } from "../core/origin.ts";
import { renderer } from "../core/paths.ts";
import { findAsset } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { lockLog } from "../db/log.ts";
import { findRecordedName, insertRun, type RunKey } from "../db/runs.ts";
import type { Database, UserRow } from "../db/schema.ts";
import type { L1Client } from "../l1/client.ts";
import type { FetchedRun } from "../l1/fetch-run.ts";
import type { HashWatch } from "../l1/hash-output.ts";
import type { RegistryContext } from "./context.ts";
import { registerAsset, type RegisterAssetResult } from "./register-asset.ts";
import { findOutput, type FindOutputFailure } from "./run-output.ts";
import { isOwner } from "./run-owner.ts";
import { type RunInput, toRunWork } from "./run-input.ts";

/** What runs are recorded with. */
export interface RecordRunContext extends RegistryContext {
  readonly l1: L1Client;
  /** Origins of the renderers whose runs are recorded. */
  readonly l1Servers: readonly string[];
  /** A token that tells a renderer who asks; `undefined` where the user is not attached to it. */
  issueRunToken(user: UserRow, l1Server: string): Promise<string | undefined>;
}

type FetchFailure = Exclude<FetchedRun, { type: "fetched" }>;

/** `l1Server` is the origin of the renderer that was asked. */
export type RecordRunResult =
  | RegisterAssetResult
  /** No such renderer is configured. */
  | { readonly type: "unknown_server" }
  /** The user has recorded the run before, as the asset of this name. */
  | { readonly type: "recorded_already"; readonly name: string }
  | { readonly type: "not_completed"; readonly status: string; readonly error: string | undefined }
  | { readonly type: "not_owner" }
  /** Whoever asked may not any more. */
  | { readonly type: "not_permitted" }
  | FetchFailure
  | FindOutputFailure;

/** Whether whoever asked for a recording still may, which takes long enough for that to change. */
export type Permission = (db: Database) => Promise<boolean>;

type Fetched = Extract<FetchedRun, { type: "fetched" }>;

/**
 * Registers what came of a renderer's run as the user's: asks the renderer, and where it is told to, checks the bytes;
 * then one transaction registers the work with its provenance and keeps what the renderer said. Nothing of it exists
 * unless all of it does, and a run is recorded once by a user.
 */
export async function recordRun(
  context: RecordRunContext,
  user: UserRow,
  input: RunInput,
  permitted: Permission,
  watch: HashWatch = {},
): Promise<RecordRunResult> {
  const l1Server = findOrigin(context.l1Servers, input.l1_server);
  if (l1Server == null) return { type: "unknown_server" };
  const key = { l1Server, runId: input.run_id, userId: user.id };
  const conflict = await findConflict(context, key, normalizeAssetName(input.output_name));
  if (conflict != null) return conflict;

  const token = await context.issueRunToken(user, l1Server);
  const began = Date.now();
  const fetched = await context.l1.fetchRun({ l1Server, runId: input.run_id, token });
  if (fetched.type !== "fetched") return fetched;
  const { run } = fetched;
  if (!isOwner(context.paths, user.username, run.owners)) return { type: "not_owner" };
  if (run.status !== "completed" || run.output == null) {
    return { type: "not_completed", status: run.status, error: run.error };
  }
  const found = await findOutput(context.l1, { l1Server, contentHash: run.output, began }, input, watch);
  if (found.type !== "found") return found;
  const { mediaType, evidence } = found;
  const work = toRunWork(input, l1Server, { contentHash: run.output, mediaType });
  const provenance = toProvenanceJson(toProvenance(key, fetched, evidence));
  return await register(context, user, { ...work, provenance }, { key, fetched, permitted });
}

/** What would be in the way at the end is said before a renderer is asked. */
async function findConflict(
  { db }: RecordRunContext,
  key: RunKey,
  name: string,
): Promise<RecordRunResult | undefined> {
  const recorded = await findRecordedName(db, key);
  if (recorded != null) return { type: "recorded_already", name: recorded };
  return (await findAsset(db, name)) == null ? undefined : { type: "name_taken" };
}

function register(
  context: RecordRunContext,
  user: UserRow,
  work: Work,
  { key, fetched, permitted }: { key: RunKey; fetched: Fetched; permitted: Permission },
): Promise<RecordRunResult> {
  const { document, digest } = fetched;
  return inTransaction(context.db, async (trx) => {
    await lockLog(trx);
    if (!(await permitted(trx))) return { type: "not_permitted" };
    const recorded = await findRecordedName(trx, key);
    if (recorded != null) return { type: "recorded_already", name: recorded };
    const result = await registerAsset({ ...context, db: trx }, user, work);
    if (result.type !== "registered") return result;
    const asset = await findAsset(trx, result.name);
    if (asset == null) throw new Error("an asset is gone from the transaction that registered it");
    await insertRun(trx, { ...key, assetId: asset.id, document, digest });
    return result;
  });
}

function toProvenance(
  { l1Server, runId }: RunKey,
  { run, digest }: Fetched,
  evidence: Provenance["evidence"],
): Provenance {
  const { recipe, inputs, started, completed } = run;
  return {
    run: renderer.run(l1Server, runId),
    renderer: l1Server,
    inputs,
    runDigest: digest,
    evidence,
    ...(recipe == null ? {} : { recipe }),
    ...(started == null ? {} : { started }),
    ...(completed == null ? {} : { completed }),
  };
}
