import { Hono } from "hono";
import { suspendUser, type SuspendResult, unsuspendUser } from "../../accounts/suspend.ts";
import { foldUsername } from "../../core/username.ts";
import { listReports, resolveReport } from "../../db/reports.ts";
import type { ReportRow } from "../../db/schema.ts";
import { type Account, listAccounts } from "../../db/suspensions.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { requireAdmin } from "../require-admin.ts";
import {
  type AccountItem,
  AdminPage,
  AdminUsersPage,
  type ReportItem,
  ReportsPage,
} from "../views/admin.tsx";
import { Layout } from "../views/layout.tsx";

/** What only the administrator sees and does. For everybody else there is nothing here. */
export const adminRoutes = new Hono<WebEnv>()
  .get("/admin", async (c) => {
    requireAdmin(c);
    const open = await listReports(c.get("web").db, {
      before: Number.MAX_SAFE_INTEGER,
      limit: 100,
      all: false,
    });
    if (!wantsPage(c)) return c.json({ open_reports: open.length });
    return c.html(
      <Layout {...frame(c, "Administration")}>
        <AdminPage openReports={open.length} />
      </Layout>,
    );
  })
  .get("/admin/reports", async (c) => {
    requireAdmin(c);
    const { limit, cursor } = readPageQuery(c);
    const all = c.req.query("all") != null;
    const before = cursor ?? Number.MAX_SAFE_INTEGER;
    const rows = await listReports(c.get("web").db, { before, limit: limit + 1, all });
    const page = cutPage(rows, limit, ({ id }) => id);
    const items = page.items.map(toReportItem);
    const next = nextPath(c, page.next);
    if (!wantsPage(c)) return c.json({ items, next });
    return c.html(
      <Layout {...frame(c, "Reports")}>
        <ReportsPage items={items} next={next} all={all} />
      </Layout>,
    );
  })
  .post("/admin/reports/:id/resolve", async (c) => {
    requireAdmin(c);
    const id = c.req.param("id");
    if (!/^\d{1,15}$/.test(id) || !(await resolveReport(c.get("web").db, Number(id))))
      throw new Problem(404, "There is no such report.");
    return wantsPage(c) ? c.redirect("/admin/reports", 303) : c.body(null, 204);
  })
  .get("/admin/users", async (c) => {
    const { user } = requireAdmin(c);
    const { limit, cursor } = readPageQuery(c);
    const rows = await listAccounts(c.get("web").db, { after: cursor ?? 0, limit: limit + 1 });
    const page = cutPage(rows, limit, ({ id }) => id);
    const items = page.items.map(toAccountItem);
    const next = nextPath(c, page.next);
    if (!wantsPage(c)) return c.json({ items, next });
    return c.html(
      <Layout {...frame(c, "Accounts")}>
        <AdminUsersPage items={items} next={next} self={user.username} />
      </Layout>,
    );
  })
  .post("/admin/users/:username/suspend", async (c) => {
    const { user } = requireAdmin(c);
    const username = foldUsername(c.req.param("username"));
    return answerSuspension(c, username, await suspendUser(c.get("web").db, user, username));
  })
  .post("/admin/users/:username/unsuspend", async (c) => {
    requireAdmin(c);
    const username = foldUsername(c.req.param("username"));
    return answerSuspension(c, username, await unsuspendUser(c.get("web").db, username));
  });

function answerSuspension(c: Context, username: string, result: SuspendResult): Response {
  switch (result.type) {
    case "done":
      return wantsPage(c)
        ? c.redirect("/admin/users", 303)
        : c.json({ username, suspended: c.req.path.endsWith("/suspend") });
    case "unknown_user":
      throw new Problem(404, "There is no user of that name.");
    case "oneself":
      throw new Problem(409, "You can't suspend yourself.");
  }
}

function toReportItem({ id, actor_iri, objects, content, created, resolved }: ReportRow): ReportItem {
  const resolved_at = resolved?.toISOString() ?? null;
  return { id, actor: actor_iri, objects, content, created_at: created.toISOString(), resolved_at };
}

function toAccountItem({ username, admin, created, suspended }: Account): AccountItem {
  const suspended_at = suspended?.toISOString() ?? null;
  return { username, admin, created_at: created.toISOString(), suspended_at };
}
