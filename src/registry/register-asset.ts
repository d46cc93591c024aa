import { buildClaim } from "../claims/claim.ts";
import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildPost } from "../claims/post.ts";
import type { Registration, Work } from "../claims/work.ts";
import { findAsset, insertAsset, listClaims } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { appendActivity, lockLog } from "../db/log.ts";
import type { NewAssetRow, Transaction } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";

export type RegisterAssetResult =
  | { readonly type: "registered"; readonly name: string; readonly claim: JsonObject }
  | { readonly type: "name_taken" }
  /** The owner has claimed that hash before, under this name. */
  | { readonly type: "hash_claimed"; readonly name: string };

/**
 * Registers a work as the user's: one transaction takes the next index, builds and proves claim and post, stores both
 * as the bytes they will always have, and has the post delivered. Nothing of it exists unless all of it does.
 */
export function registerAsset(
  context: RegistryContext,
  user: { readonly id: number; readonly username: string },
  work: Work,
): Promise<RegisterAssetResult> {
  return inTransaction(context.db, async (trx) => {
    // Behind this lock registrations run one after the other, so what is looked up here stays true.
    const index = await lockLog(trx);
    if ((await findAsset(trx, work.name)) != null) return { type: "name_taken" };
    const claims = await listClaims(trx, work.contentHash.value);
    const own = claims.find((claim) => claim.user_id === user.id);
    if (own != null) return { type: "hash_claimed", name: own.name };

    const published = new Date(Math.floor(Date.now() / 1000) * 1000);
    const later = claims.length > 0;
    const { username } = user;
    const registration = { work, username, index, published, ...(later ? { laterIndex: index } : {}) };
    const claim = await context.sign(username, buildClaim(context.paths, registration), published);
    const document = toStoredText(claim);
    await appendActivity(trx, { index, userId: user.id, type: "Create", document, created: published });
    await insertAsset(trx, toRow(user.id, registration, later));
    if (work.post !== "none") await publishPost(context, trx, user.id, registration);
    return { type: "registered", name: work.name, claim };
  });
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
    later_claim: later,
    tags: [...work.tags],
    metadata: work.metadata == null ? null : JSON.stringify(work.metadata),
    description: work.description ?? null,
    url: work.url ?? null,
    media_type: work.mediaType ?? null,
    width: work.width ?? null,
    height: work.height ?? null,
    duration: work.duration ?? null,
    alt: work.alt ?? null,
    blurhash: work.blurhash ?? null,
    preview_url: work.previewUrl ?? null,
    license: work.license ?? null,
    language: work.language ?? null,
    sensitive: work.sensitive,
    content_warning: work.contentWarning ?? null,
    post: work.post,
    created: published,
  };
}
