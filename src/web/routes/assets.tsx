import { type Context as HonoContext, Hono } from "hono";
import type { z } from "zod";
import { normalizeAssetName } from "../../core/asset-name.ts";
import { assetTypes } from "../../core/media.ts";
import { formatHandle } from "../../core/handle.ts";
import { local } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { type AssetFilter, type AssetView, countAssets, findAsset, listAssets } from "../../db/assets.ts";
import { assetInput, toWork } from "../../registry/asset-input.ts";
import { registerAsset } from "../../registry/register-asset.ts";
import { frame, wantsPage } from "../answer.tsx";
import { toAssetJson } from "../asset-json.ts";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { AssetPage } from "../views/asset.tsx";
import { AssetsPage } from "../views/assets.tsx";
import { Layout } from "../views/layout.tsx";

/** The registry: register, list, read. */
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
      <Layout {...frame(c, "Assets")}>
        <AssetsPage assets={assets} total={total} next={next} filter={filter} />
      </Layout>,
    );
  })
  .get("/assets/:name", async (c) => {
    const asset = await getAsset(c);
    if (wantsPage(c)) return c.redirect(local.assetPage(asset.name), 303);
    return c.json(toAssetJson(c.get("web").paths, asset));
  })
  .get("/asset/:name", async (c) => {
    const asset = await getAsset(c);
    const { paths } = c.get("web");
    if (!wantsPage(c)) return c.redirect(local.asset(asset.name), 303);
    const handle = formatHandle({ username: asset.owner, host: paths.host });
    const alternate = { href: local.asset(asset.name), type: "application/json" };
    return c.html(
      <Layout {...frame(c, asset.name, alternate)}>
        <AssetPage asset={toAssetJson(paths, asset)} handle={handle} />
      </Layout>,
    );
  });

/** Registers what was asked for as the signed-in user's, and gives what `POST /assets` answers. */
export async function createAsset(c: Context, input: z.output<typeof assetInput>) {
  const { registry, db, paths } = c.get("web");
  const { user } = requireSession(c);
  const result = await registerAsset(registry, user, toWork(input));
  switch (result.type) {
    case "registered": {
      const asset = await findAsset(db, result.name);
      if (asset == null) throw new Problem(410, "The asset was withdrawn meanwhile.");
      return { asset: toAssetJson(paths, asset), activity: result.claim };
    }
    case "name_taken":
      throw new Problem(409, "An asset of that name exists already.", {
        errors: [{ field: "name", message: "is taken" }],
      });
    case "hash_claimed":
      throw new Problem(409, `You have claimed that hash already, as ${paths.asset(result.name)}.`, {
        errors: [{ field: "content_hash", message: `is claimed by your asset ${result.name}` }],
      });
  }
}

async function getAsset(c: HonoContext<WebEnv, "/:name">): Promise<AssetView> {
  const name = normalizeAssetName(c.req.param("name"));
  const asset = isStorableText(name) ? await findAsset(c.get("web").db, name) : undefined;
  if (asset == null) throw new Problem(404, "There is no asset of that name.");
  return asset;
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
