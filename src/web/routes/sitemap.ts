import { Hono } from "hono";
import { local, type Paths } from "../../core/paths.ts";
import { formatInstant } from "../../core/time.ts";
import { element, textElement, xmlDocument } from "../../core/xml.ts";
import { listSitemapParts, listSitemapUsers, listSitemapWorks, type SitemapEntry } from "../../db/sitemap.ts";
import type { Context, WebEnv } from "../context.ts";
import { Problem } from "../problem.ts";

const namespace = { xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9" };

/** Where what search engines may read stands (sitemaps.org 0.9). */
export const sitemapRoutes = new Hono<WebEnv>()
  .get(local.sitemap, async (c) => {
    const { db, origin } = c.get("web");
    const parts = await listSitemapParts(db);
    return answerXml(
      c,
      element(
        "sitemapindex",
        namespace,
        ...parts.map(({ kind, part }) =>
          element("sitemap", {}, textElement("loc", origin + local.sitemapPart(kind, part))),
        ),
      ),
    );
  })
  .get("/sitemap/:kind/:part", async (c) => {
    const { db, paths } = c.get("web");
    const part = c.req.param("part");
    const list = findList(paths, c.req.param("kind"));
    const entries = list != null && /^\d{1,9}$/.test(part) ? await list.read(db, Number(part)) : [];
    if (list == null || entries.length === 0) throw new Problem(404, "The sitemap has no such part.");
    return answerXml(c, element("urlset", namespace, ...entries.map((entry) => toUrl(list.address, entry))));
  });

function findList(paths: Paths, kind: string) {
  switch (kind) {
    case "works":
      return { read: listSitemapWorks, address: paths.assetPage };
    case "users":
      return { read: listSitemapUsers, address: paths.actor };
    default:
      return undefined;
  }
}

function toUrl(address: (name: string) => string, { name, changed }: SitemapEntry): string {
  return element(
    "url",
    {},
    textElement("loc", address(name)),
    changed == null ? "" : textElement("lastmod", formatInstant(changed)),
  );
}

function answerXml(c: Context, root: string): Response {
  return c.body(xmlDocument(root), 200, { "Content-Type": "application/xml; charset=utf-8" });
}
