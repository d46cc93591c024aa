import { Hono } from "hono";
import { extractObject } from "../../claims/claim.ts";
import { withCounts } from "../../claims/counts.ts";
import type { JsonObject } from "../../claims/json.ts";
import { type ContentHash, parseContentHash } from "../../core/content-hash.ts";
import { local } from "../../core/paths.ts";
import { type AssetView, findAssetByIndex, listClaims } from "../../db/assets.ts";
import { isBurnt } from "../../db/burnt.ts";
import { findActivity, getActivity, getLogSize, listActivities, type LogEntry } from "../../db/log.ts";
import { findPost } from "../../db/publications.ts";
import { frame, wantsPage } from "../answer.tsx";
import { toActivityItem } from "../activity-item.ts";
import { toAssetJson } from "../asset-json.ts";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { readProof } from "../read-proof.ts";
import { ActivitiesPage } from "../views/activities.tsx";
import { ActivityPage } from "../views/activity.tsx";
import { ClaimsPage } from "../views/claims.tsx";
import { Layout } from "../views/layout.tsx";

/** The signed documents: activities, their objects, and the posts that show them. All are served as they are stored. */
export const logRoutes = new Hono<WebEnv>()
  .get("/activities", async (c) => {
    const { db } = c.get("web");
    const { limit, cursor } = readPageQuery(c);
    const entries = await listActivities(db, { before: cursor ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 });
    const page = cutPage(entries, limit, ({ index }) => index);
    const total = await getLogSize(db);
    const next = nextPath(c, page.next);
    if (!wantsPage(c)) {
      return c.json({
        items: page.items.map((entry) => toDocument(c, entry)),
        total,
        next,
      });
    }
    const live = cursor == null ? local.liveActivities(page.items[0]?.index ?? -1) : null;
    return c.html(
      <Layout {...frame(c, "Activities", { href: c.req.path, type: "application/json" })}>
        <ActivitiesPage items={page.items.map(toActivityItem)} total={total} next={next} live={live} />
      </Layout>,
    );
  })
  .get("/activities/:index", async (c) => {
    const entry = await getEntry(c, c.req.param("index"));
    const document = readDocument(entry);
    if (!wantsPage(c)) return documentResponse(c, document);
    const alternate = { href: c.req.path, type: "application/activity+json" };
    return c.html(
      <Layout {...frame(c, `Activity ${entry.index}`, alternate)}>
        <ActivityPage
          item={toActivityItem(entry)}
          document={JSON.stringify(JSON.parse(document), null, 2)}
          proof={await readProof(c.get("web"), entry)}
        />
      </Layout>,
    );
  })
  .get("/notes/:index", async (c) => {
    const index = parseIndex(c.req.param("index"));
    const { db, paths } = c.get("web");
    const post = await findPost(db, index);
    if (post === null) throw new Problem(410, `The post at index ${index} was withdrawn.`);
    const asset = await findAssetByIndex(db, index);
    if (post == null || asset == null) throw new Problem(404, "There is no post at that index.");
    if (wantsPage(c)) return c.redirect(local.assetPage(asset.name), 303);
    const note = extractObject(JSON.parse(post) as JsonObject);
    return documentResponse(c, JSON.stringify(withCounts(paths, note, index, asset)));
  })
  .get("/objects/:hash", async (c) => {
    const hash = parseHash(c.req.param("hash"));
    const { db, paths } = c.get("web");
    const claims = await listClaims(db, hash.value);
    const first = claims.find((claim) => !claim.later_claim);
    const withdrawn = first == null && (await isWithdrawn(c, paths.object(hash)));
    if (claims.length > 0 && c.req.query("format") === "json") {
      return c.json({ claims: claims.map((claim) => toAssetJson(paths, claim)) });
    }
    if (first != null) return await objectResponse(c, first);
    if (!withdrawn) throw new Problem(404, "Nobody has claimed that hash here.");
    if (claims.length === 0 || !wantsPage(c))
      throw new Problem(410, "The first claim to that hash was withdrawn.");
    return c.html(
      <Layout {...frame(c, "Claims to a hash")}>
        <ClaimsPage hash={hash.value} assets={claims.map((claim) => toAssetJson(paths, claim))} />
      </Layout>,
    );
  })
  .get("/objects/:hash/:index", async (c) => {
    const index = parseIndex(c.req.param("index"));
    const hash = parseHash(c.req.param("hash"));
    const { db, paths } = c.get("web");
    const claims = await listClaims(db, hash.value);
    const claim = claims.find((candidate) => candidate.activity_index === index && candidate.later_claim);
    if (claim != null) return await objectResponse(c, claim);
    throw (await isWithdrawn(c, paths.object(hash, index)))
      ? new Problem(410, "That claim was withdrawn.")
      : new Problem(404, "There is no claim to that hash at that index.");
  });

async function objectResponse(c: Context, claim: AssetView): Promise<Response> {
  if (wantsPage(c)) return c.redirect(local.assetPage(claim.name), 303);
  const entry = await getActivity(c.get("web").db, claim.latest_index);
  return documentResponse(c, JSON.stringify(extractObject(JSON.parse(readDocument(entry)) as JsonObject)));
}

function isWithdrawn(c: Context, object: string): Promise<boolean> {
  const { db, registry } = c.get("web");
  return isBurnt(db, registry.burnKey, object);
}

/** The bytes of an entry; a problem where they were erased. */
function readDocument({ index, document }: LogEntry): string {
  if (document == null) throw new Problem(410, `The activity at index ${index} was withdrawn.`);
  return document;
}

/** An entry in a list: its document, or what holds the place of an erased one. */
function toDocument(c: Context, { index, document }: LogEntry): JsonObject {
  if (document != null) return JSON.parse(document) as JsonObject;
  return { id: c.get("web").paths.activity(index), type: "Tombstone" };
}

function documentResponse(c: Context, document: string): Response {
  return c.body(document, 200, { "Content-Type": "application/activity+json" });
}

async function getEntry(c: Context, index: string): Promise<LogEntry> {
  const entry = await findActivity(c.get("web").db, parseIndex(index));
  if (entry == null) throw new Problem(404, "The log has no activity at that index.");
  return entry;
}

function parseHash(text: string): ContentHash {
  const hash = parseContentHash(text);
  if (hash == null) throw new Problem(404, "That is no content hash.");
  return hash;
}

/** An index has one spelling only: no sign, no leading zero, no exponent. */
function parseIndex(text: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new Problem(404, "That is no index of the log.");
}
