import { Hono } from "hono";
import { etag } from "hono/etag";
import { local } from "../../core/paths.ts";
import type { Context, WebEnv } from "../context.ts";

/** Three works and the two that were made of them: what the server is about, at the size of a thumbnail. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1f5c50"/><path d="M9 9v7l7 7m7-14v7l-7 7" fill="none" stroke="#fff" stroke-width="2"/><g fill="#fff"><circle cx="9" cy="9" r="4"/><circle cx="23" cy="9" r="4"/><circle cx="16" cy="23" r="5"/></g></svg>`;

/** Where there is nothing to read for who has no account, or no two readers find the same. */
const closed = [
  "/admin",
  "/authorize_interaction",
  "/follow",
  "/home",
  "/login",
  "/new",
  "/register",
  "/settings",
];

/** The stylesheet, the browser's bundle, the icon, and what search engines may read (RFC 9309). */
export const staticRoutes = new Hono<WebEnv>()
  .use("/style.css", etag())
  .use("/islands.js", etag())
  .use("/hash-worker.js", etag())
  .use("/favicon.svg", etag())
  .get("/style.css", (c) => serve(c, c.get("web").files.style, "text/css; charset=utf-8"))
  .get("/islands.js", (c) => serve(c, c.get("web").files.islands, "text/javascript; charset=utf-8"))
  .get("/hash-worker.js", (c) => serve(c, c.get("web").files.hashWorker, "text/javascript; charset=utf-8"))
  .get("/favicon.svg", (c) => serve(c, icon, "image/svg+xml"))
  .get("/robots.txt", (c) => {
    const lines = ["User-agent: *", ...closed.map((path) => `Disallow: ${path}`), "Allow: /"];
    return c.text(`${lines.join("\n")}\n\nSitemap: ${c.get("web").origin}${local.sitemap}\n`);
  });

function serve(c: Context, body: string, type: string): Response {
  return c.body(body, 200, { "Content-Type": type, "Cache-Control": "public, max-age=300" });
}
