import { type Context as HonoContext, Hono } from "hono";
import { local } from "../../core/paths.ts";
import type { WalkOptions } from "../../db/lineage-walk.ts";
import { readLineage } from "../../registry/lineage.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { WebEnv } from "../context.ts";
import { type LineageJson, toLineageJson } from "../lineage-json.ts";
import { readLineageQuery } from "../lineage-query.ts";
import { Layout } from "../views/layout.tsx";
import { LineagePage } from "../views/lineage.tsx";
import { getAsset } from "./assets.tsx";

/** What the picture on a page of its own shows: laying out more takes too long. */
const wholePicture = { depth: 10, limit: 100, back: true, forth: true };

/** The graph of works around an asset: what it was made from, and what it was used in. */
export const lineageRoutes = new Hono<WebEnv>()
  .get("/assets/:name/lineage", async (c) => {
    const asset = await getAsset(c);
    if (wantsPage(c)) return c.redirect(local.lineagePage(asset.name), 303);
    return c.json(await read(c, asset.content_hash, readLineageQuery(c)));
  })
  .get("/asset/:name/lineage", async (c) => {
    const asset = await getAsset(c);
    if (!wantsPage(c)) return c.redirect(local.lineage(asset.name), 303);
    const lineage = await read(c, asset.content_hash, wholePicture);
    const alternate = { href: local.lineage(asset.name), type: "application/json" };
    return c.html(
      <Layout {...frame(c, `Lineage of ${asset.name}`, alternate)}>
        <LineagePage lineage={lineage} name={asset.name} />
      </Layout>,
    );
  });

async function read(c: HonoContext<WebEnv>, hash: string, options: WalkOptions): Promise<LineageJson> {
  const { registry, paths } = c.get("web");
  return toLineageJson(paths, await readLineage(registry, hash, options));
}
