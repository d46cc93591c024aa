import { formatHandle } from "../core/handle.ts";
import type { Paths } from "../core/paths.ts";
import { type AssetView, listAssets } from "../db/assets.ts";
import { listBlocks } from "../db/blocks.ts";
import {
  type ExportedRelation,
  type ExportedShare,
  listFollowedBy,
  listFollowersOf,
  listReactions,
  listShares,
  listSignedDocuments,
} from "../db/exports.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { toAssetJson } from "./asset-json.ts";

const pageSize = 100;

/**
 * What a user takes along, as pieces of one JSON object:
 *
 * | member                     |                                                                                      |
 * | -------------------------- | ------------------------------------------------------------------------------------ |
 * | `format`, `version`        | `"artdag-export"`, 1                                                                 |
 * | `origin`, `exported_at`    | the server, and when                                                                 |
 * | `profile`                  | `username, actor, email, created_at, name, summary, fields, icon_url, image_url, also_known_as, moved_to` |
 * | `assets`                   | newest first: `{asset, claim, updates, posts}`                                       |
 * | `shares`                   | `{object, created_at, activity}`                                                     |
 * | `likes`                    | `{id, object, created_at}`                                                           |
 * | `replies`                  | `{id, object, created_at, content, note}`                                            |
 * | `followers`                | `{actor, handle, created_at}`                                                        |
 * | `following`                | `{actor, handle, created_at, accepted_at}`                                           |
 * | `blocks`                   | newest first: `{kind, target, handle, reason, created_at}`                           |
 *
 * `asset` is what `GET /assets/{name}` answers. `claim`, each of `updates` and `posts`, `activity` and `note` are texts:
 * the signed documents byte for byte, so that their proofs can still be checked. `posts` are the `Create` that followers
 * received and its `Update`s. Lists are read page by page while they are sent, so that what changes meanwhile may or may
 * not be in them. A `handle` is null where an actor's name is not known.
 */
export async function* writeExport(
  { db, paths }: { readonly db: Database; readonly paths: Paths },
  user: UserRow,
  exported: Date,
): AsyncGenerator<string> {
  const head = {
    format: "artdag-export",
    version: 1,
    origin: paths.origin,
    exported_at: exported.toISOString(),
    profile: toProfile(paths, user),
  };
  yield JSON.stringify(head).slice(0, -1);
  yield* writeList("assets", pagesOfAssets(db, paths, user.username));
  yield* writeList(
    "shares",
    pagesAfter((page) => listShares(db, user.id, page), toShare),
  );
  yield* writeList(
    "likes",
    pagesAfter(
      (page) => listReactions(db, user.id, { ...page, kind: "like" }),
      ({ iri, object, created }) => ({ id: iri, object, created_at: created.toISOString() }),
    ),
  );
  yield* writeList(
    "replies",
    pagesAfter(
      (page) => listReactions(db, user.id, { ...page, kind: "reply" }),
      ({ iri, object, created, content, document }) => ({
        id: iri,
        object,
        created_at: created.toISOString(),
        content,
        note: document,
      }),
    ),
  );
  yield* writeList(
    "followers",
    pagesAfter((page) => listFollowersOf(db, user.id, page), toRelation),
  );
  yield* writeList(
    "following",
    pagesAfter(
      (page) => listFollowedBy(db, user.id, page),
      (row) => ({ ...toRelation(row), accepted_at: row.accepted?.toISOString() ?? null }),
    ),
  );
  yield* writeList("blocks", pagesOfBlocks(db, user.id));
  yield "}\n";
}

/** A member with an array, an item a line. */
async function* writeList(name: string, pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  yield `,\n${JSON.stringify(name)}:[`;
  let separator = "\n";
  for await (const items of pages) {
    let text = "";
    for (const item of items) {
      text += separator + JSON.stringify(item);
      separator = ",\n";
    }
    yield text;
  }
  yield "]";
}

async function* pagesAfter<Row extends { readonly id: number }>(
  list: (page: { after: number; limit: number }) => Promise<Row[]>,
  toJson: (row: Row) => object,
): AsyncGenerator<object[]> {
  for (let after = 0; ;) {
    const rows = await list({ after, limit: pageSize });
    yield rows.map(toJson);
    const last = rows.at(-1);
    if (last == null || rows.length < pageSize) return;
    after = last.id;
  }
}

async function* pagesOfAssets(db: Database, paths: Paths, owner: string): AsyncGenerator<object[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const assets: AssetView[] = await listAssets(db, { owner }, { before, limit: pageSize });
    const documents = await listSignedDocuments(
      db,
      assets.map((asset) => asset.activity_index),
    );
    yield assets.map((asset) => {
      const own = documents.filter(({ claimIndex }) => claimIndex === asset.activity_index);
      const texts = (kind: string) => own.filter((one) => one.kind === kind).map(({ document }) => document);
      return {
        asset: toAssetJson(paths, asset),
        claim: texts("claim")[0] ?? null,
        updates: texts("update"),
        posts: texts("post"),
      };
    });
    const last = assets.at(-1);
    if (last == null || assets.length < pageSize) return;
    before = last.activity_index;
  }
}

async function* pagesOfBlocks(db: Database, userId: number): AsyncGenerator<object[]> {
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const blocks = await listBlocks(db, userId, { before, limit: pageSize });
    yield blocks.map(({ kind, target, username, host, reason, created }) => ({
      kind,
      target,
      handle: username == null || host == null ? null : formatHandle({ username, host }),
      reason,
      created_at: created.toISOString(),
    }));
    const last = blocks.at(-1);
    if (last == null || blocks.length < pageSize) return;
    before = last.id;
  }
}

function toProfile(paths: Paths, user: UserRow) {
  const { username, email, created, name, summary, fields, icon_url, image_url, also_known_as, moved_to } =
    user;
  const texts = { name, summary, fields, icon_url, image_url, also_known_as, moved_to };
  return { username, actor: paths.actor(username), email, created_at: created.toISOString(), ...texts };
}

function toShare({ object, created, document }: ExportedShare) {
  return { object, created_at: created.toISOString(), activity: document };
}

function toRelation({ iri, username, host, created }: ExportedRelation) {
  const handle = username == null ? null : formatHandle({ username, host });
  return { actor: iri, handle, created_at: created.toISOString() };
}
