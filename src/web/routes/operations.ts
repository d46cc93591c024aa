import { Hono } from "hono";
import type { WebEnv } from "../context.ts";

/** What a supervisor asks: whether the process lives, and whether it can do its work. */
export const operationRoutes = new Hono<WebEnv>()
  .get("/healthz", (c) => c.json({ status: "ok" }))
  .get("/readyz", async (c) => {
    const faults = await c.get("web").findFaults();
    return c.json(
      { status: faults.length === 0 ? "ready" : "not ready", faults },
      faults.length === 0 ? 200 : 503,
    );
  });
