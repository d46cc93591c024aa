import { Hono } from "hono";
import { formatHandle } from "../../core/handle.ts";
import { listAssets } from "../../db/assets.ts";
import { countFollowers } from "../../db/followers.ts";
import { countFollowing } from "../../db/following.ts";
import { countUsers, findUser, findUserSummary, listUsers, type UserSummary } from "../../db/users.ts";
import { frame, wantsPage } from "../answer.tsx";
import { toAssetJson } from "../asset-json.ts";
import { profileCard } from "../card.ts";
import type { Context, WebEnv } from "../context.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { Layout } from "../views/layout.tsx";
import { type FollowChoice, ProfilePage } from "../views/profile.tsx";
import type { UserItem } from "../views/props.ts";
import { UsersPage } from "../views/users.tsx";

/** How many works a profile shows. */
const shown = 24;

/** Who has an account here. What other servers read of users is the federation's to answer. */
export const userRoutes = new Hono<WebEnv>()
  .get("/users", async (c) => {
    const { db, paths } = c.get("web");
    const { limit, cursor } = readPageQuery(c);
    const page = cutPage(
      await listUsers(db, { after: cursor ?? 0, limit: limit + 1 }),
      limit,
      ({ id }) => id,
    );
    const items = page.items.map((user) => toItem(c, user));
    const total = await countUsers(db);
    const next = nextPath(c, page.next);
    if (!wantsPage(c)) {
      return c.json({
        items: items.map((item) => ({ ...item, actor: paths.actor(item.username) })),
        total,
        next,
      });
    }
    return c.html(
      <Layout {...frame(c, "Users", { href: c.req.path, type: "application/json" })}>
        <UsersPage items={items} total={total} next={next} />
      </Layout>,
    );
  })
  .get("/users/:username", async (c) => {
    const { db, paths } = c.get("web");
    const user = await findUserSummary(db, c.req.param("username"));
    const texts = await findUser(db, c.req.param("username"));
    if (user == null || texts == null) throw new Problem(404, "There is no user of that name.");
    const { username } = user;
    const filter = { owner: username };
    const page = { before: Number.MAX_SAFE_INTEGER, limit: shown + 1 };
    const assets = await listAssets(db, filter, page);
    const more = assets.length > shown ? `/assets?owner=${username}` : null;
    const alternate = { href: c.req.path, type: "application/activity+json" };
    return c.html(
      <Layout {...frame(c, texts.name ?? username, alternate, profileCard(paths, texts))}>
        <ProfilePage
          user={toItem(c, user)}
          followers={await countFollowers(db, user.id)}
          following={await countFollowing(db, user.id)}
          assets={assets.slice(0, shown).map((asset) => toAssetJson(paths, asset))}
          more={more}
          texts={texts}
          follow={chooseFollow(c, username)}
        />
      </Layout>,
    );
  });

function chooseFollow(c: Context, username: string): FollowChoice {
  const visitor = c.get("session")?.user.username;
  if (visitor == null) return { type: "remote" };
  return visitor === username ? { type: "own" } : { type: "local", iri: c.get("web").paths.actor(username) };
}

function toItem(c: Context, { username, assets, created }: UserSummary): UserItem {
  const handle = formatHandle({ username, host: c.get("web").paths.host });
  return { username, handle, assets, created_at: created.toISOString() };
}
