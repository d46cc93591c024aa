import { Hono } from "hono";
import { normalizeAssetName } from "../../core/asset-name.ts";
import { parseAssetUrl } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { type AssetView, findAsset } from "../../db/assets.ts";
import { findUser } from "../../db/users.ts";
import type { Context, WebEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { httpUrl } from "../views/http-url.ts";
import { siteName } from "../views/site-name.ts";

/** What a page that links to a work shows of it (oEmbed 1.0). Nothing in it is HTML. */
export const oembedRoutes = new Hono<WebEnv>().get("/oembed", async (c) => {
  const format = c.req.query("format") ?? "json";
  if (format !== "json") throw new Problem(501, "This server writes oEmbed as JSON only: format=json.");
  const { paths, db } = c.get("web");
  const box = { width: readSize(c, "maxwidth"), height: readSize(c, "maxheight") };
  const asset = await findLinked(c);
  const owner = await findUser(db, asset.owner);
  if (owner?.suspended != null || owner?.deleted != null)
    throw new Problem(404, "There is no work at that URL.");
  c.header("Access-Control-Allow-Origin", "*");
  return c.json({
    version: "1.0",
    title: asset.name,
    author_name: owner?.name ?? asset.owner,
    author_url: paths.actor(asset.owner),
    provider_name: siteName,
    provider_url: paths.origin,
    cache_age: 3600,
    ...toPhoto(asset, box),
  });
});

interface Box {
  readonly width: number;
  readonly height: number;
}

/** A photo must say how large it is to be shown, so that a work of unknown size, or one behind a warning, is a link. */
function toPhoto(asset: AssetView, box: Box) {
  const url = httpUrl(asset.url);
  const { width, height, sensitive, content_warning: warning } = asset;
  const shown = asset.asset_type === "image" && !sensitive && warning == null;
  if (!shown || url == null || width == null || height == null) return { type: "link" };
  const scale = Math.min(1, box.width / width, box.height / height);
  return {
    type: "photo",
    url,
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
}

async function findLinked(c: Context): Promise<AssetView> {
  const { paths, db } = c.get("web");
  const url = c.req.query("url");
  if (url == null) {
    const message = "must be the URL of a work's page";
    throw new Problem(400, "Nothing was asked for.", { errors: [{ field: "url", message }] });
  }
  const name = normalizeAssetName(parseAssetUrl(paths, url) ?? "");
  const asset = name !== "" && isStorableText(name) ? await findAsset(db, name) : undefined;
  if (asset == null) throw new Problem(404, "There is no work at that URL.");
  return asset;
}

function readSize(c: Context, field: "maxwidth" | "maxheight"): number {
  const text = c.req.query(field);
  if (text == null) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Problem(400, "The size can't be used.", {
    errors: [{ field, message: "must be a whole number of pixels" }],
  });
}
