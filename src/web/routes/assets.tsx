import { type Context as HonoContext, Hono } from "hono";
import type { z } from "zod";
import type { JsonObject } from "../../claims/json.ts";
import { normalizeAssetName } from "../../core/asset-name.ts";
import { assetTypes } from "../../core/media.ts";
import { formatHandle } from "../../core/handle.ts";
import { local } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { type AssetFilter, type AssetView, countAssets, findAsset, listAssets } from "../../db/assets.ts";
import { isBurnt } from "../../db/burnt.ts";
import { getActivity } from "../../db/log.ts";
import type { Database } from "../../db/schema.ts";
import { assetInput, toWork } from "../../registry/asset-input.ts";
import { assetPatch } from "../../registry/asset-patch.ts";
import type { PreviewImage } from "../../registry/preview-image.ts";
import { registerAsset } from "../../registry/register-asset.ts";
import { readLineage } from "../../registry/lineage.ts";
import { registerAssetWithPreview } from "../../registry/set-preview.ts";
import { changeAsset, type UpdateAssetResult } from "../../registry/update-asset.ts";
import { withdrawAsset } from "../../registry/withdraw-asset.ts";
import { frame, wantsPage } from "../answer.tsx";
import { type AssetJson, toAssetJson } from "../asset-json.ts";
import { assetCard } from "../card.ts";
import type { Context, WebEnv } from "../context.ts";
import { describeAsset } from "../describe-asset.ts";
import { readInput } from "../input.ts";
import { toLineageJson } from "../lineage-json.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { readInteractions } from "../read-interactions.ts";
import { describeOverQuota } from "../read-preview.ts";
import { toRegisterProblem } from "../register-problem.ts";
import { readProof } from "../read-proof.ts";
import { requireSession } from "../session.ts";
import { AssetPage } from "../views/asset.tsx";
import { AssetsPage } from "../views/assets.tsx";
import { Interactions } from "../views/interactions.tsx";
import { Layout } from "../views/layout.tsx";
import { LineageSection } from "../views/lineage.tsx";

/** What of the lineage is shown on an asset's page. */
const smallPicture = { depth: 3, limit: 25, back: true, forth: true };

/** The registry: register, list, read, change, withdraw. */
export const assetRoutes = new Hono<WebEnv>()
  .post("/assets", async (c) => {
    requireSession(c);
    const created = await createAsset(c, await readInput(c, assetInput));
    c.header("Location", local.asset(created.asset.name));
    return c.json(created, 201);
  })
  .get("/assets", async (c) => {
    const { db, paths } = c.get("web");
    const filter = readFilter(c);
    const { limit, cursor } = readPageQuery(c);
    const before = cursor ?? Number.MAX_SAFE_INTEGER;
    const rows = await listAssets(db, filter, { before, limit: limit + 1 });
    const page = cutPage(rows, limit, (asset) => asset.activity_index);
    const assets = page.items.map((asset) => toAssetJson(paths, asset));
    const total = await countAssets(db, filter);
    const next = nextPath(c, page.next);
    if (!wantsPage(c)) return c.json({ assets, total, next });
    return c.html(
      <Layout {...frame(c, "Assets", { href: c.req.path, type: "application/json" })}>
        <AssetsPage assets={assets} total={total} next={next} filter={filter} />
      </Layout>,
    );
  })
  .get("/assets/:name", async (c) => {
    const asset = await getAsset(c);
    if (wantsPage(c)) return c.redirect(local.assetPage(asset.name), 303);
    return c.json(await describeAsset(c.get("web"), asset));
  })
  .patch("/assets/:name", async (c) => {
    const { user } = requireSession(c);
    const { registry } = c.get("web");
    const name = readName(c);
    const result = await changeAsset(registry, user, name, await readInput(c, assetPatch));
    if (result.type === "not_found") throw await describeMissing(c, name);
    return await answerChange(c, name, result);
  })
  .delete("/assets/:name", async (c) => {
    const { user } = requireSession(c);
    const name = readName(c);
    const result = await withdrawAsset(c.get("web").registry, user, name);
    if (result.type === "not_found") throw await describeMissing(c, name);
    return c.json({ activity: result.activity });
  })
  .get("/asset/:name", async (c) => {
    const asset = await getAsset(c);
    const { paths } = c.get("web");
    if (!wantsPage(c)) return c.redirect(local.asset(asset.name), 303);
    const handle = formatHandle({ username: asset.owner, host: paths.host });
    const card = assetCard(paths, toAssetJson(paths, asset), asset.post !== "unlisted");
    const alternate = { href: local.asset(asset.name), type: "application/json" };
    const interactions = await readInteractions(c, asset);
    const { registry } = c.get("web");
    const lineage = await readLineage(registry, asset.content_hash, smallPicture);
    return c.html(
      <Layout {...frame(c, asset.name, alternate, card)}>
        <AssetPage
          asset={await describeAsset(c.get("web"), asset)}
          handle={handle}
          proof={await readProof(c.get("web"), await getActivity(c.get("web").db, asset.latest_index))}
          own={c.get("session")?.user.id === asset.user_id}
        />
        <LineageSection lineage={toLineageJson(paths, lineage)} name={asset.name} />
        {interactions != null && <Interactions {...interactions} />}
      </Layout>,
    );
  });

/** Registers what was asked for as the signed-in user's, and gives what `POST /assets` answers. */
export async function createAsset(c: Context, input: z.output<typeof assetInput>, preview?: PreviewImage) {
  const { registry, paths } = c.get("web");
  const { user } = requireSession(c);
  const work = toWork(input);
  const result =
    preview == null
      ? await registerAsset(registry, user, work)
      : await registerAssetWithPreview(registry, user, work, preview);
  if (result.type === "over_quota") throw describeOverQuota(result);
  if (result.type !== "registered") throw toRegisterProblem(paths, result);
  return { asset: await describeNew(c, result.name), activity: result.claim };
}

/** An asset that was registered just now, as JSON. */
export async function describeNew(c: Context, name: string): Promise<AssetJson> {
  const web = c.get("web");
  const asset = await findAsset(web.db, name);
  if (asset == null) throw new Problem(410, "The asset was withdrawn meanwhile.");
  return await describeAsset(web, asset);
}

/** What was made of a change of an asset: the asset as it is now, and the newest activity about it. */
export async function answerChange(
  c: Context,
  name: string,
  result: Exclude<UpdateAssetResult, { type: "not_found" }>,
): Promise<Response> {
  const web = c.get("web");
  const activity =
    result.type === "updated" ? result.activity : await readActivity(web.db, result.latestIndex);
  const asset = await findAsset(web.db, name);
  if (asset == null) throw await describeMissing(c, name);
  return c.json({ asset: await describeAsset(web, asset), activity });
}

/** The asset that a URL names; a problem where there is none, which says so where there was one. */
export async function getAsset(c: HonoContext<WebEnv, "/:name">): Promise<AssetView> {
  const name = readName(c);
  const asset = await findAsset(c.get("web").db, name);
  if (asset == null) throw await describeMissing(c, name);
  return asset;
}

export function readName(c: HonoContext<WebEnv, "/:name">): string {
  const name = normalizeAssetName(c.req.param("name"));
  if (!isStorableText(name)) throw new Problem(404, "There is no asset of that name.");
  return name;
}

export async function describeMissing(c: Context, name: string): Promise<Problem> {
  const { db, paths, registry } = c.get("web");
  return (await isBurnt(db, registry.burnKey, paths.asset(name)))
    ? new Problem(410, "The asset of that name was withdrawn.")
    : new Problem(404, "There is no asset of that name.");
}

async function readActivity(db: Database, index: number): Promise<JsonObject> {
  const { document } = await getActivity(db, index);
  return JSON.parse(document ?? "{}") as JsonObject;
}

function readFilter(c: Context): AssetFilter & { type?: (typeof assetTypes)[number] } {
  const text = (name: string) => {
    const value = c.req.query(name)?.trim();
    if (!value) return undefined;
    if (value.length <= 255 && isStorableText(value)) return value.normalize("NFC");
    throw new Problem(400, "The filter can't be used.", {
      errors: [{ field: name, message: "is no short text" }],
    });
  };
  const wanted = text("type");
  const type = assetTypes.find((candidate) => candidate === wanted);
  if (wanted != null && type == null) {
    const message = `must be one of ${assetTypes.join(", ")}`;
    throw new Problem(400, "The filter can't be used.", { errors: [{ field: "type", message }] });
  }
  const filter = {
    owner: text("owner")?.toLowerCase(),
    type,
    tag: text("tag")?.replace(/^#/, ""),
    q: text("q"),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value != null));
}
