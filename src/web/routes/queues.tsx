import { Hono } from "hono";
import { z } from "zod";
import { isStorableText } from "../../core/text.ts";
import { listFailingHosts, releaseHost } from "../../db/failing-hosts.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { Problem } from "../problem.ts";
import { toQueuesJson } from "../queues-json.ts";
import { requireAdmin } from "../require-admin.ts";
import { Layout } from "../views/layout.tsx";
import { QueuesPage } from "../views/queues.tsx";

const hostInput = z.object({
  host: z.string().trim().min(1).max(300).refine(isStorableText, "must be well-formed text without NUL"),
});

/** How many failing hosts are shown. */
const listed = 200;

/** What the server is busy with, and what it has given up, for the administrator. */
export const queueRoutes = new Hono<WebEnv>()
  .get("/admin/queues", async (c) => {
    requireAdmin(c);
    const { db, queues } = c.get("web");
    const report = toQueuesJson(await queues.list(), await listFailingHosts(db, listed));
    if (!wantsPage(c)) return c.json(report);
    return c.html(
      <Layout {...frame(c, "Queues")}>
        <QueuesPage {...report} />
      </Layout>,
    );
  })
  .post("/admin/queues/:name/send-again", async (c) => {
    requireAdmin(c);
    const jobs = await c.get("web").queues.sendAgain(c.req.param("name"));
    if (jobs == null) throw new Problem(404, "There is no such queue.");
    return answer(c, { jobs });
  })
  .post("/admin/hosts/release", async (c) => {
    requireAdmin(c);
    const { host } = await readInput(c, hostInput, { form: true });
    if (!(await releaseHost(c.get("web").db, host)))
      throw new Problem(404, "That host is not being left alone.");
    return answer(c, { host });
  });

function answer(c: Context, result: Record<string, string | number>): Response {
  return wantsPage(c) ? c.redirect("/admin/queues", 303) : c.json(result, 202);
}
