import { buildClaim } from "../claims/claim.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildPost } from "../claims/post.ts";
import { linkSources, readSources } from "../claims/provenance.ts";
import type { Registration, Work } from "../claims/work.ts";
import { wholeSecond } from "../core/time.ts";
import { findAsset, insertAsset, listClaims } from "../db/assets.ts";
import { isBurnt } from "../db/burnt.ts";
import { inTransaction } from "../db/connection.ts";
import { replaceEdges } from "../db/lineage-edges.ts";
import { appendActivity, lockLog } from "../db/log.ts";
import type { NewAssetRow, Transaction } from "../db/schema.ts";
import { toColumns } from "./asset-row.ts";
import type { RegistryContext } from "./context.ts";
import { findSourceClaims } from "./find-source-claims.ts";
import { toEdges } from "./lineage-edges.ts";
import { linkPreview } from "./link-preview.ts";

export type RegisterAssetResult =
  | { readonly type: "registered"; readonly name: string; readonly claim: JsonObject }
  | { readonly type: "name_taken" }
  /** An asset of that name was withdrawn. */
  | { readonly type: "name_burnt" }
  /** The owner has claimed that hash before, under this name. */
  | { readonly type: "hash_claimed"; readonly name: string };

/**
 * Registers a work as the user's: one transaction takes the next index, builds and proves claim and post, stores both
 * as the bytes they will always have, and has the post delivered. What the work states of how it was made gets the
 * addresses of the claims to that, as far as they are known. Nothing of it exists unless all of it does.
 */
export function registerAsset(
  context: RegistryContext,
  user: { readonly id: number; readonly username: string },
  stated: Work,
): Promise<RegisterAssetResult> {
  return inTransaction(context.db, async (trx) => {
    // Behind this lock registrations run one after the other, so what is looked up here stays true.
    const index = await lockLog(trx);
    const work = await withSourceClaims(context, trx, stated);
    if ((await findAsset(trx, work.name)) != null) return { type: "name_taken" };
    if (await isBurnt(trx, context.burnKey, context.paths.asset(work.name))) return { type: "name_burnt" };
    const claims = await listClaims(trx, work.contentHash.value);
    const own = claims.find((claim) => claim.user_id === user.id);
    if (own != null) return { type: "hash_claimed", name: own.name };

    const published = wholeSecond();
    const object = context.paths.object(work.contentHash);
    const later = claims.length > 0 || (await isBurnt(trx, context.burnKey, object));
    const { username } = user;
    const registration = { work, username, index, published, ...(later ? { laterIndex: index } : {}) };
    const claim = await context.sign(username, buildClaim(context.paths, registration), published);
    const document = toStoredText(claim);
    await appendActivity(trx, { index, userId: user.id, type: "Create", document, created: published });
    const asset = await insertAsset(trx, toRow(user.id, registration, later));
    const edges = work.provenance == null ? [] : toEdges({ provenance: work.provenance });
    if (edges.length > 0) await replaceEdges(trx, { asset }, work.contentHash.value, edges);
    const shown = await linkPreview(trx, context.paths, asset, work);
    if (work.post !== "none") await publishPost(context, trx, user.id, { ...registration, work: shown });
    return { type: "registered", name: work.name, claim };
  });
}

async function withSourceClaims({ paths }: RegistryContext, trx: Transaction, work: Work): Promise<Work> {
  const { provenance } = work;
  if (provenance == null) return work;
  const { recipe, inputs } = readSources({ provenance });
  const hashes = [recipe, ...inputs].flatMap((source) => source?.contentHash?.value ?? []);
  const claims = await findSourceClaims({ db: trx, paths }, [...new Set(hashes)]);
  return { ...work, provenance: linkSources(provenance, claims) };
}

async function publishPost(
  context: RegistryContext,
  trx: Transaction,
  userId: number,
  registration: Registration,
): Promise<void> {
  const { index, username, published } = registration;
  const post = await context.sign(username, buildPost(context.paths, registration), published);
  const iri = context.paths.post(index);
  await context.publish(trx, {
    iri,
    userId,
    document: toStoredText(post),
    created: published,
    activityIndex: index,
    noteIndex: index,
  });
}

function toRow(userId: number, { work, index, published }: Registration, later: boolean): NewAssetRow {
  return {
    name: work.name,
    hash_algorithm: work.contentHash.algorithm,
    content_hash: work.contentHash.value,
    asset_type: work.assetType,
    user_id: userId,
    activity_index: index,
    latest_index: index,
    later_claim: later,
    ...toColumns(work),
    post: work.post,
    created: published,
  };
}
