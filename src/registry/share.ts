import { type JsonObject, toStoredText } from "../claims/json.ts";
import { buildShare, buildUnshare } from "../claims/share.ts";
import type { Sharing } from "../claims/work.ts";
import { parseNoteUrl } from "../core/paths.ts";
import { wholeSecond } from "../core/time.ts";
import { findAssetByIndex } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { appendActivity, getActivity, lockLog } from "../db/log.ts";
import type { Transaction } from "../db/schema.ts";
import { deleteShare, findShare, findShareablePost, insertShare, type Shareable } from "../db/shares.ts";
import type { RegistryContext } from "./context.ts";

interface LocalUser {
  readonly id: number;
  readonly username: string;
}

export type ShareResult =
  | { readonly type: "shared"; readonly activity: JsonObject }
  | { readonly type: "already_shared"; readonly activity: JsonObject }
  /** No public post at that address is known here. */
  | { readonly type: "not_found" };

export type UnshareResult =
  | { readonly type: "unshared"; readonly activity: JsonObject }
  | { readonly type: "not_shared" };

/**
 * Shares a post, by the id of its Note or the address of its page: a proved `Announce` in the log, which the user's
 * followers and a remote author receive. Twice is once.
 */
export function sharePost(context: RegistryContext, user: LocalUser, url: string): Promise<ShareResult> {
  return inTransaction(context.db, async (trx) => {
    const index = await lockLog(trx);
    const note = await findNote(context, trx, url);
    if (note == null) return { type: "not_found" };
    const earlier = await findShare(trx, user.id, note.iri);
    if (earlier != null) {
      const entry = await getActivity(trx, earlier.activityIndex);
      return { type: "already_shared", activity: JSON.parse(entry.document ?? "{}") as JsonObject };
    }
    const published = wholeSecond();
    const sharing = toSharing(user, index, note.iri, note.author, published);
    const activity = await context.sign(user.username, buildShare(context.paths, sharing), published);
    const entry = { index, type: "Announce" as const, activity, published };
    await append(context, trx, user, entry, note.author);
    await insertShare(trx, { userId: user.id, note, activityIndex: index });
    return { type: "shared", activity };
  });
}

/** Takes a sharing back: a proved `Undo` in the log, to whom the `Announce` went. */
export function unsharePost(context: RegistryContext, user: LocalUser, url: string): Promise<UnshareResult> {
  return inTransaction(context.db, async (trx) => {
    const index = await lockLog(trx);
    // What has gone meanwhile is known by its id alone.
    const object = (await findNote(context, trx, url))?.iri ?? url;
    const share = await findShare(trx, user.id, object);
    if (share == null) return { type: "not_shared" };
    const { activityIndex, author } = share;
    const { created } = await getActivity(trx, activityIndex);
    const sharing = toSharing(user, activityIndex, object, author, created);
    const published = wholeSecond();
    const undo = buildUnshare(context.paths, sharing, { index, published });
    const activity = await context.sign(user.username, undo, published);
    await append(context, trx, user, { index, type: "Undo", activity, published }, author);
    await deleteShare(trx, user.id, object);
    return { type: "unshared", activity };
  });
}

/** The Note that a URL means, where it may be shared. */
async function findNote(
  { paths }: RegistryContext,
  trx: Transaction,
  url: string,
): Promise<Shareable | undefined> {
  const index = parseNoteUrl(paths, url);
  if (index == null) return await findShareablePost(trx, url);
  const asset = await findAssetByIndex(trx, index);
  if (asset == null || asset.post === "none") return undefined;
  return { iri: paths.note(index), author: null, assetId: asset.id };
}

interface Act {
  readonly index: number;
  readonly type: "Announce" | "Undo";
  readonly activity: JsonObject;
  readonly published: Date;
}

async function append(
  context: RegistryContext,
  trx: Transaction,
  user: LocalUser,
  { index, type, activity, published }: Act,
  author: Shareable["author"],
): Promise<void> {
  const entry = { userId: user.id, document: toStoredText(activity), created: published };
  await appendActivity(trx, { ...entry, index, type });
  await context.publish(trx, {
    ...entry,
    iri: context.paths.activity(index),
    activityIndex: index,
    ...(author == null ? {} : { recipientId: author.id, toFollowers: true }),
  });
}

function toSharing(
  { username }: LocalUser,
  index: number,
  object: string,
  author: Shareable["author"],
  published: Date,
): Sharing {
  return { username, index, object, published, ...(author == null ? {} : { author: author.iri }) };
}
