import { Hono } from "hono";
import { isTokenId } from "../../accounts/tokens.ts";
import { local } from "../../core/paths.ts";
import { type ListedToken, listTokens, revokeOtherTokens, revokeOwnToken } from "../../db/tokens.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { readForm } from "../input.ts";
import { Problem } from "../problem.ts";
import { deleteSessionCookie, requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { type SessionItem, SessionsPage } from "../views/sessions.tsx";

const page = "/settings/sessions";

/** More than these nobody reads through; signing out everywhere else ends the others too. */
const shown = 200;

/** Where a user is signed in, and which renderers were given a token. */
export const sessionRoutes = new Hono<WebEnv>()
  .get("/auth/sessions", async (c) => c.json({ sessions: await listSessions(c) }))
  .delete("/auth/sessions", async (c) => {
    await endOthers(c);
    return c.body(null, 204);
  })
  .delete("/auth/sessions/:id", async (c) => {
    await end(c, c.req.param("id"));
    return c.body(null, 204);
  })
  .get(page, async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(page), 303);
    const sessions = await listSessions(c);
    if (!wantsPage(c)) return c.json({ sessions });
    return await c.html(
      <Layout {...frame(c, "Sessions", { href: "/auth/sessions", type: "application/json" })}>
        <SessionsPage path={page} sessions={sessions} />
      </Layout>,
    );
  })
  .post(page, async (c) => {
    const { tokenId } = requireSession(c);
    const { end: ended, others } = await readForm(c);
    if (others != null) await endOthers(c);
    else await end(c, ended ?? "");
    if (ended !== tokenId) return c.redirect(page, 303);
    deleteSessionCookie(c);
    return c.redirect("/", 303);
  });

async function listSessions(c: Context): Promise<SessionItem[]> {
  const { user, tokenId } = requireSession(c);
  const tokens = await listTokens(c.get("web").db, user.id, shown);
  return tokens.map((token) => toItem(token, tokenId));
}

async function end(c: Context, id: string): Promise<void> {
  const { user } = requireSession(c);
  if (isTokenId(id) && (await revokeOwnToken(c.get("web").db, user.id, id))) return;
  throw new Problem(404, "You have no such session.");
}

async function endOthers(c: Context): Promise<void> {
  const { user, tokenId } = requireSession(c);
  await revokeOtherTokens(c.get("web").db, user.id, tokenId);
}

function toItem({ id, kind, label, audience, scopes, ...times }: ListedToken, current: string): SessionItem {
  return {
    id,
    kind,
    label,
    l1_server: audience,
    scopes: kind === "session" ? ["account"] : scopes,
    created_at: times.created.toISOString(),
    last_used: times.used?.toISOString() ?? null,
    expires_at: times.expires.toISOString(),
    current: id === current,
  };
}
