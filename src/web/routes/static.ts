import { Hono } from "hono";
import { etag } from "hono/etag";
import type { WebEnv } from "../context.ts";

const cache = "public, max-age=300";

/** The stylesheet and the browser's bundle. */
export const staticRoutes = new Hono<WebEnv>()
  .use("/style.css", etag())
  .use("/islands.js", etag())
  .get("/style.css", (c) =>
    c.body(c.get("web").files.style, 200, {
      "Content-Type": "text/css; charset=utf-8",
      "Cache-Control": cache,
    }),
  )
  .get("/islands.js", (c) =>
    c.body(c.get("web").files.islands, 200, {
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": cache,
    }),
  )
  .get("/robots.txt", (c) => c.text("User-agent: *\nAllow: /\n"));
