import { Hono } from "hono";
import { extractObject } from "../../claims/claim.ts";
import { asObject, type JsonObject } from "../../claims/json.ts";
import { parseContentHash } from "../../core/content-hash.ts";
import { local } from "../../core/paths.ts";
import { type AssetView, findAssetByIndex, listClaims } from "../../db/assets.ts";
import { findActivity, getLogSize, listActivities, type LogEntry } from "../../db/log.ts";
import { findPost } from "../../db/publications.ts";
import { frame, wantsPage } from "../answer.tsx";
import { toAssetJson } from "../asset-json.ts";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { ActivitiesPage } from "../views/activities.tsx";
import { ActivityPage } from "../views/activity.tsx";
import { Layout } from "../views/layout.tsx";
import type { ActivityItem } from "../views/props.ts";

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
        items: page.items.map(({ document }) => JSON.parse(document) as JsonObject),
        total,
        next,
      });
    }
    return c.html(
      <Layout {...frame(c, "Activities")}>
        <ActivitiesPage items={page.items.map(toItem)} total={total} next={next} />
      </Layout>,
    );
  })
  .get("/activities/:index", async (c) => {
    const entry = await getEntry(c, c.req.param("index"));
    if (!wantsPage(c)) return documentResponse(c, entry.document);
    const alternate = { href: c.req.path, type: "application/activity+json" };
    return c.html(
      <Layout {...frame(c, `Activity ${entry.index}`, alternate)}>
        <ActivityPage item={toItem(entry)} document={JSON.stringify(JSON.parse(entry.document), null, 2)} />
      </Layout>,
    );
  })
  .get("/notes/:index", async (c) => {
    const index = parseIndex(c.req.param("index"));
    const { db } = c.get("web");
    const post = await findPost(db, index);
    const asset = await findAssetByIndex(db, index);
    if (post == null || asset == null) throw new Problem(404, "There is no post at that index.");
    if (wantsPage(c)) return c.redirect(local.assetPage(asset.name), 303);
    return documentResponse(c, JSON.stringify(extractObject(JSON.parse(post) as JsonObject)));
  })
  .get("/objects/:hash", async (c) => {
    const claims = await getClaims(c, c.req.param("hash"));
    const first = claims.find((claim) => !claim.later_claim) ?? claims[0];
    if (first == null) throw new Problem(404, "Nobody has claimed that hash here.");
    if (c.req.query("format") === "json") {
      return c.json({ claims: claims.map((claim) => toAssetJson(c.get("web").paths, claim)) });
    }
    return await objectResponse(c, first);
  })
  .get("/objects/:hash/:index", async (c) => {
    const index = parseIndex(c.req.param("index"));
    const claims = await getClaims(c, c.req.param("hash"));
    const claim = claims.find((candidate) => candidate.activity_index === index && candidate.later_claim);
    if (claim == null) throw new Problem(404, "There is no claim to that hash at that index.");
    return await objectResponse(c, claim);
  });

async function objectResponse(c: Context, claim: AssetView): Promise<Response> {
  if (wantsPage(c)) return c.redirect(local.assetPage(claim.name), 303);
  const entry = await findActivity(c.get("web").db, claim.activity_index);
  if (entry == null) throw new Problem(404, "There is no claim at that index.");
  return documentResponse(c, JSON.stringify(extractObject(JSON.parse(entry.document) as JsonObject)));
}

function documentResponse(c: Context, document: string): Response {
  return c.body(document, 200, { "Content-Type": "application/activity+json" });
}

async function getEntry(c: Context, index: string): Promise<LogEntry> {
  const entry = await findActivity(c.get("web").db, parseIndex(index));
  if (entry == null) throw new Problem(404, "The log has no activity at that index.");
  return entry;
}

async function getClaims(c: Context, text: string): Promise<AssetView[]> {
  const hash = parseContentHash(text);
  if (hash == null) throw new Problem(404, "That is no content hash.");
  return await listClaims(c.get("web").db, hash.value);
}

/** An index has one spelling only: no sign, no leading zero, no exponent. */
function parseIndex(text: string): number {
  if (/^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new Problem(404, "That is no index of the log.");
}

function toItem({ index, type, username, document, created }: LogEntry): ActivityItem {
  const name = asObject((JSON.parse(document) as JsonObject)["object"])?.["name"];
  return {
    index,
    type,
    username,
    created_at: created.toISOString(),
    name: typeof name === "string" ? name : null,
  };
}
