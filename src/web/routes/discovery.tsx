import { Hono } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import { formatHandle, parseHandle } from "../../core/handle.ts";
import { escapeHtml } from "../../core/html.ts";
import { local } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { normalizeAssetName } from "../../core/asset-name.ts";
import { findAsset } from "../../db/assets.ts";
import { foldUsername } from "../../core/username.ts";
import { findFollowing } from "../../db/following.ts";
import { findRemoteActor } from "../../db/remote-actors.ts";
import { findUser } from "../../db/users.ts";
import { followActor } from "../../registry/follow.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput, invalidInput } from "../check-input.ts";
import type { Context, FoundPost, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm } from "../input.ts";
import { Problem } from "../problem.ts";
import { sanitizeRemoteHtml } from "../sanitize.ts";
import { requireSession } from "../session.ts";
import { FollowRemotePage } from "../views/follow-remote.tsx";
import { InteractionPage } from "../views/interaction.tsx";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";

const address = z.string().trim().min(1).max(2048).refine(isStorableText, "must be text without NUL");
const interactionInput = z.object({ uri: address });
const followInput = z.object({ of: z.string().max(200), handle: address });

/** How people of other servers find who is here, and people of this server what they saw elsewhere. */
export const discoveryRoutes = new Hono<WebEnv>()
  .get("/.well-known/host-meta", (c) => {
    const supports = ["application/xrd+xml", "application/jrd+json", "application/json"];
    const type = accepts(c, { header: "Accept", supports, default: "application/xrd+xml" });
    return type === "application/xrd+xml" ? answerXrd(c) : answerJrd(c);
  })
  .get("/.well-known/host-meta.json", answerJrd)
  .get("/authorize_interaction", async (c) => {
    const { uri } = checkInput(interactionInput, { uri: c.req.query("uri") });
    if (c.get("session") == null && wantsPage(c)) {
      return c.redirect(local.signIn(local.interaction(uri)), 303);
    }
    requireSession(c);
    const own = findOwnPage(c, uri);
    return own == null ? await showInteraction(c, uri) : c.redirect(own, 303);
  })
  .post("/authorize_interaction", async (c) => {
    const { user } = requireSession(c);
    const { registry, paths } = c.get("web");
    const { actor } = await find(c, checkInput(interactionInput, await readForm(c)).uri);
    if (actor.iri === paths.actor(user.username)) {
      throw invalidInput([{ field: "uri", message: "is your own" }]);
    }
    if ((await followActor(registry, user, actor)) === "blocked") {
      throw invalidInput([{ field: "uri", message: "is blocked" }]);
    }
    return c.redirect("/home", 303);
  })
  .get("/follow", async (c) => {
    const values = { of: c.req.query("of") ?? "", handle: c.req.query("handle") ?? "" };
    const user = await findUser(c.get("web").db, foldUsername(values.of));
    if (user == null || user.deleted != null) throw new Problem(404, "There is no user of that name.");
    const target = await findTarget(c, user.username);
    const show = (form: FormState) => showFollow(c, target, form, null);
    if (c.req.query("handle") == null) return await show(emptyForm);
    return await submitForm(c, values, show, async () => {
      const { handle } = checkInput(followInput, values);
      const result = await c.get("web").findSubscribeUrl(handle, target.iri);
      if (result.type === "not_found") throw invalidInput([{ field: "handle", message: result.reason }]);
      const { href } = result.url;
      return wantsPage(c) ? await showFollow(c, target, { values, errors: [] }, href) : c.json({ url: href });
    });
  });

function answerXrd(c: Context): Response {
  const { webFingerTemplate } = c.get("web").paths;
  const xrd = `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" template="${escapeHtml(webFingerTemplate)}"/>
</XRD>
`;
  return c.body(xrd, 200, {
    "Content-Type": "application/xrd+xml; charset=utf-8",
    "Access-Control-Allow-Origin": "*",
  });
}

function answerJrd(c: Context): Response {
  const links = [{ rel: "lrdd", template: c.get("web").paths.webFingerTemplate }];
  return c.body(JSON.stringify({ links }), 200, {
    "Content-Type": "application/jrd+json",
    "Access-Control-Allow-Origin": "*",
  });
}

/** The path of what belongs to this server itself: it has a page, and nobody needs to be asked for it. */
function findOwnPage(c: Context, uri: string): string | undefined {
  const { origin, paths } = c.get("web");
  const handle = parseHandle(uri);
  if (handle != null)
    return handle.host === paths.host ? local.actor(foldUsername(handle.username)) : undefined;
  const url = URL.parse(uri);
  if (url?.origin !== origin || url.pathname === "/authorize_interaction") return undefined;
  return url.pathname.replace(/^\/{2,}/, "/");
}

async function find(c: Context, uri: string) {
  const result = await c.get("web").lookUp(uri);
  if (result.type === "found") return result;
  throw new Problem(404, `What you asked for was not found: ${result.reason}.`);
}

async function showInteraction(c: Context, uri: string): Promise<Response> {
  const { actor, post } = await find(c, uri);
  const { user } = requireSession(c);
  const { db } = c.get("web");
  const known = await findRemoteActor(db, actor.iri);
  const following =
    known == null ? undefined : await findFollowing(db, { userId: user.id, actorId: known.id });
  const state = following == null ? null : following.accepted == null ? "requested" : "following";
  const shown = {
    url: actor.url ?? actor.iri,
    handle: actor.username == null ? actor.iri : formatHandle({ username: actor.username, host: actor.host }),
    name: actor.name ?? null,
  };
  const clean = post == null ? null : sanitizePost(post);
  if (!wantsPage(c)) return c.json({ actor: { id: actor.iri, ...shown }, post: clean, state });
  return await c.html(
    <Layout {...frame(c, shown.name ?? shown.handle)}>
      <InteractionPage iri={actor.iri} actor={shown} post={clean} state={state} />
    </Layout>,
  );
}

function sanitizePost(post: FoundPost): FoundPost {
  return { ...post, content: sanitizeRemoteHtml(post.content) };
}

/** What a visitor wants to see on a server of his own: an artist, or the post of a work. */
interface Target {
  readonly iri: string;
  readonly username: string;
  readonly work?: string;
}

async function findTarget(c: Context, username: string): Promise<Target> {
  const { db, paths } = c.get("web");
  const work = c.req.query("work");
  if (work == null) return { iri: paths.actor(username), username };
  const asset = isStorableText(work) ? await findAsset(db, normalizeAssetName(work)) : undefined;
  if (asset?.owner !== username || asset.post === "none") {
    throw new Problem(404, "There is no post of a work of that name.");
  }
  return { iri: paths.note(asset.activity_index), username, work: asset.name };
}

async function showFollow(c: Context, { username, work }: Target, form: FormState, href: string | null) {
  return await c.html(
    <Layout {...frame(c, work == null ? `Follow ${username}` : `Share ${work}`)}>
      <FollowRemotePage username={username} work={work} form={form} href={href} />
    </Layout>,
  );
}
