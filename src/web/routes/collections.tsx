import { Hono } from "hono";
import { formatHandle } from "../../core/handle.ts";
import { listFollowers, type ListedActor } from "../../db/followers.ts";
import { listFollowing } from "../../db/following.ts";
import { local } from "../../core/paths.ts";
import type { Database } from "../../db/schema.ts";
import { findUser } from "../../db/users.ts";
import { frame } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { ActorsPage } from "../views/actors.tsx";
import { Layout } from "../views/layout.tsx";

type List = (db: Database, userId: number, page: { before: number; limit: number }) => Promise<ListedActor[]>;

/** The collections of an actor as pages; the documents of the same addresses are the federation's. */
export const collectionRoutes = new Hono<WebEnv>()
  .get("/users/:username/outbox", async (c) => {
    const { username } = await getUser(c, c.req.param("username"));
    return c.redirect(`/assets?owner=${username}`, 303);
  })
  .get("/users/:username/featured", async (c) => {
    const { username } = await getUser(c, c.req.param("username"));
    return c.redirect(local.actor(username), 303);
  })
  .get("/users/:username/followers", (c) =>
    showActors(c, c.req.param("username"), "Followers", listFollowers),
  )
  .get("/users/:username/following", (c) =>
    showActors(c, c.req.param("username"), "Following", listFollowing),
  );

async function showActors(c: Context, name: string, title: string, list: List): Promise<Response> {
  const user = await getUser(c, name);
  const { limit, cursor } = readPageQuery(c);
  const rows = await list(c.get("web").db, user.id, {
    before: cursor ?? Number.MAX_SAFE_INTEGER,
    limit: limit + 1,
  });
  const page = cutPage(rows, limit, ({ position }) => position);
  const actors = page.items.map(({ iri, url, username, host, name: displayName }) => ({
    url: url ?? iri,
    handle: username == null ? iri : formatHandle({ username, host }),
    name: displayName,
  }));
  const alternate = { href: c.req.path, type: "application/activity+json" };
  return await c.html(
    <Layout {...frame(c, `${title} of ${user.username}`, alternate)}>
      <ActorsPage title={title} username={user.username} actors={actors} next={nextPath(c, page.next)} />
    </Layout>,
  );
}

async function getUser(c: Context, username: string) {
  const user = await findUser(c.get("web").db, username);
  if (user == null) throw new Problem(404, "There is no user of that name.");
  return user;
}
