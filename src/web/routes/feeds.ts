import { Hono } from "hono";
import { local } from "../../core/paths.ts";
import { listAssets } from "../../db/assets.ts";
import { findUser } from "../../db/users.ts";
import { type AtomFeed, toAtom } from "../atom.ts";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { siteName } from "../views/site-name.ts";

/** When the feed of a server that holds nothing is said to have changed. */
const noTime = new Date(0);

/** The newest works as feeds: those with a public post. What is for followers alone, or for nobody, is in none. */
export const feedRoutes = new Hono<WebEnv>()
  .get(local.feed, async (c) => {
    const { paths } = c.get("web");
    return await answerFeed(c, undefined, {
      title: `${siteName} at ${paths.host}: new works`,
      first: paths.origin + local.feed,
      page: `${paths.origin}/assets`,
      author: null,
      begun: noTime,
    });
  })
  .get("/users/:username/feed.atom", async (c) => {
    const { db, paths } = c.get("web");
    const user = await findUser(db, c.req.param("username"));
    if (user == null) throw new Problem(404, "There is no user of that name.");
    const name = user.name ?? user.username;
    return await answerFeed(c, user.username, {
      title: `Works by ${name}`,
      first: paths.origin + local.userFeed(user.username),
      page: paths.actor(user.username),
      author: { name, uri: paths.actor(user.username) },
      begun: user.created,
    });
  });

async function answerFeed(
  c: Context,
  owner: string | undefined,
  feed: Omit<AtomFeed, "works" | "self" | "next">,
): Promise<Response> {
  const { db, paths } = c.get("web");
  const { limit, cursor } = readPageQuery(c);
  const before = cursor ?? Number.MAX_SAFE_INTEGER;
  const rows = await listAssets(db, { owner, listed: true }, { before, limit: limit + 1 });
  const page = cutPage(rows, limit, (work) => work.activity_index);
  const next = nextPath(c, page.next);
  const { pathname, search } = new URL(c.req.url);
  const atom = toAtom(paths, {
    ...feed,
    self: paths.origin + pathname + search,
    next: next == null ? null : paths.origin + next,
    works: page.items,
  });
  return c.body(atom, 200, {
    "Content-Type": "application/atom+xml; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
  });
}
