import { Hono } from "hono";
import { formatHandle } from "../../core/handle.ts";
import { writeFollowing } from "../../core/mastodon-csv.ts";
import { local } from "../../core/paths.ts";
import { type ExportedRelation, listFollowedBy } from "../../db/exports.ts";
import type { Database } from "../../db/schema.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { WebEnv } from "../context.ts";
import { writeExport } from "../export-json.ts";
import { requireSession } from "../session.ts";
import { streamText } from "../text-stream.ts";
import { DataPage } from "../views/data.tsx";
import { Layout } from "../views/layout.tsx";

const path = "/settings/data";

/** What users can take along of what is theirs. */
export const dataRoutes = new Hono<WebEnv>()
  .get(path, (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(path), 303);
    const { user } = requireSession(c);
    const { origin } = c.get("web");
    if (!wantsPage(c)) {
      return c.json({ export: `${origin}/settings/export`, following: `${origin}/settings/following.csv` });
    }
    return c.html(
      <Layout {...frame(c, "Your data")}>
        <DataPage username={user.username} />
      </Layout>,
    );
  })
  .get("/settings/export", (c) => {
    const { user } = requireSession(c);
    const now = new Date();
    const name = `artdag-${user.username}-${now.toISOString().slice(0, 10)}.json`;
    return c.body(streamText(writeExport(c.get("web"), user, now)), 200, {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="${name}"`,
    });
  })
  .get("/settings/following.csv", async (c) => {
    const { user } = requireSession(c);
    // Mastodon knows accounts by their handles, without the first @.
    const accounts = (await listAccepted(c.get("web").db, user.id)).map(({ username, host, iri }) =>
      username == null ? iri : formatHandle({ username, host }).slice(1),
    );
    return c.body(writeFollowing(accounts), 200, {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": 'attachment; filename="following.csv"',
    });
  });

async function listAccepted(db: Database, userId: number): Promise<ExportedRelation[]> {
  const all = await listFollowedBy(db, userId, { after: 0, limit: 1_000_000 });
  return all.filter(({ accepted }) => accepted != null);
}
