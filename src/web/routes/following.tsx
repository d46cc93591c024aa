import { Hono } from "hono";
import { z } from "zod";
import { formatHandle } from "../../core/handle.ts";
import { isStorableText } from "../../core/text.ts";
import { listAllFollowing } from "../../db/following.ts";
import { type HomePost, listHomePosts } from "../../db/remote-posts.ts";
import type { NewRemoteActor } from "../../db/schema.ts";
import { followActor, unfollowActor } from "../../registry/follow.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput, invalidInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm, readInput } from "../input.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { sanitizeRemoteHtml } from "../sanitize.ts";
import { requireSession } from "../session.ts";
import { HomeFeedPage } from "../views/home-feed.tsx";
import { Layout } from "../views/layout.tsx";
import type { FormState, HomeFeedPost } from "../views/props.ts";

const handleInput = z.object({
  handle: z.string().trim().min(1).max(2048).refine(isStorableText, "must be well-formed text without NUL"),
});

/** Whom a user follows, and what they published. */
export const followingRoutes = new Hono<WebEnv>()
  .post("/users/:username/following", async (c) => {
    requireOwn(c, c.req.param("username"));
    const { handle } = await readInput(c, handleInput);
    const { actor, state } = await follow(c, handle);
    return c.json({ actor: actor.iri, state }, state === "already_following" ? 200 : 202);
  })
  .delete("/users/:username/following", async (c) => {
    requireOwn(c, c.req.param("username"));
    const { handle } = await readInput(c, handleInput);
    await unfollow(c, handle);
    return c.body(null, 204);
  })
  .get("/home", async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect("/login?next=/home", 303);
    return await showHome(c, emptyForm);
  })
  .post("/home", async (c) => {
    requireSession(c);
    const values = await readForm(c);
    const show = (form: FormState) => showHome(c, form);
    return await submitForm(c, values, show, async () => {
      const { unfollow: ended } = values;
      if (ended == null) await follow(c, checkInput(handleInput, values).handle);
      else await unfollow(c, checkInput(handleInput, { handle: ended }).handle);
      return c.redirect("/home", 303);
    });
  });

async function showHome(c: Context, form: FormState): Promise<Response> {
  const { db } = c.get("web");
  const { user } = requireSession(c);
  const { limit, cursor } = readPageQuery(c);
  const rows = await listHomePosts(db, user.id, {
    before: cursor ?? Number.MAX_SAFE_INTEGER,
    limit: limit + 1,
  });
  const page = cutPage(rows, limit, ({ id }) => id);
  const posts = page.items.map(toPost);
  const next = nextPath(c, page.next);
  if (!wantsPage(c))
    return c.json({ posts: posts.map(({ author: _author, shareable: _shareable, ...post }) => post), next });
  const following = (await listAllFollowing(db, user.id)).map(({ actor, accepted }) => ({
    handle: toHandle(actor.username, actor.host, actor.iri),
    url: actor.iri,
    accepted: accepted != null,
  }));
  return await c.html(
    <Layout {...frame(c, "Home feed")}>
      <HomeFeedPage username={user.username} posts={posts} next={next} following={following} form={form} />
    </Layout>,
  );
}

async function follow(c: Context, handle: string) {
  const actor = await resolve(c, handle);
  const { user } = requireSession(c);
  const web = c.get("web");
  if (actor.iri === web.paths.actor(user.username))
    throw invalidInput([{ field: "handle", message: "is your own" }]);
  const state = await followActor(web.registry, user, actor);
  if (state === "blocked") throw invalidInput([{ field: "handle", message: "is blocked" }]);
  return { actor, state };
}

async function unfollow(c: Context, handle: string): Promise<void> {
  const { user } = requireSession(c);
  const { registry } = c.get("web");
  // Whoever is followed is known by the URL; only a handle has to be looked up.
  if (await unfollowActor(registry, user, handle)) return;
  const actor = await resolve(c, handle);
  if (!(await unfollowActor(registry, user, actor.iri)))
    throw new Problem(404, "You don't follow that actor.");
}

async function resolve(c: Context, handle: string): Promise<NewRemoteActor> {
  const result = await c.get("web").resolveActor(handle);
  if (result.type === "not_resolved") throw invalidInput([{ field: "handle", message: result.reason }]);
  return result.actor;
}

function requireOwn(c: Context, username: string): void {
  if (requireSession(c).user.username !== username)
    throw new Problem(403, "You can follow for yourself only.");
}

function toPost(post: HomePost): HomeFeedPost {
  const { iri: id, url, actor, contentHash } = post;
  const handle = toHandle(post.actorUsername, post.actorHost, actor);
  const claim =
    post.claimIri == null
      ? null
      : {
          url: post.claimIri,
          content_hash: contentHash,
          verified: contentHash != null,
          withdrawn: post.claimWithdrawn != null,
        };
  return {
    id,
    url,
    actor,
    author: post.actorName == null ? handle : `${post.actorName} (${handle})`,
    content: sanitizeRemoteHtml(post.content),
    published: post.published.toISOString(),
    claim,
    liked: post.liked,
    shared: post.shared,
    shareable: post.public,
  };
}

function toHandle(username: string | null, host: string, iri: string): string {
  return username == null ? iri : formatHandle({ username, host });
}
