import { Hono } from "hono";
import { z } from "zod";
import { buildCollection } from "../../claims/counts.ts";
import type { JsonObject } from "../../claims/json.ts";
import { local, type NoteCollection, parseNoteUrl } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { findAssetByIndex } from "../../db/assets.ts";
import { listReplies } from "../../db/interactions.ts";
import { findPost } from "../../db/publications.ts";
import { findReply } from "../../db/reactions.ts";
import { likePost, type ReactResult, replyToPost, unlikePost } from "../../registry/react.ts";
import { text } from "../../registry/text-fields.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { toOwnPath } from "../own-path.ts";
import { Problem } from "../problem.ts";
import { sanitizeRemoteHtml } from "../sanitize.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { ReplyPage } from "../views/reply.tsx";

/** How many replies a collection lists. */
const listed = 500;

const objectInput = z.object({
  object: z.string().trim().min(1).max(2048).refine(isStorableText, "must be well-formed text without NUL"),
});

/** A form knows no DELETE, so that `unlike` is a type; `next` is the page that it goes on to. */
const reactionInput = objectInput.extend({
  type: z.enum(["like", "unlike", "reply"]),
  content: z.string().optional(),
  next: z.string().optional(),
});

const replyInput = z.object({
  content: text(5000, { lines: true }).refine((value) => value.trim() !== "", "must not be blank"),
});

/** What people make of posts: the counted collections of a note, and what users here like and answer. */
export const interactionRoutes = new Hono<WebEnv>()
  .get("/notes/:index/likes", (c) => showCollection(c, c.req.param("index"), "likes"))
  .get("/notes/:index/shares", (c) => showCollection(c, c.req.param("index"), "shares"))
  .get("/notes/:index/replies", (c) => showCollection(c, c.req.param("index"), "replies"))
  .get("/users/:username/replies/:key", (c) => showReply(c, c.req.param("username"), c.req.param("key")))
  .post("/reactions", async (c) => {
    requireSession(c);
    const { next, ...input } = await readInput(c, reactionInput, { form: true });
    const result = await react(c, input);
    if (result?.type === "not_found") throw new Problem(404, "No post of that id is known here.");
    if (wantsPage(c)) return c.redirect(toOwnPath(next ?? "/home"), 303);
    if (result == null) return c.body(null, 204);
    const { type, object } = input;
    return c.json({ type, object, id: result.iri }, result.type === "done" ? 201 : 200);
  })
  .delete("/reactions", async (c) => {
    requireSession(c);
    await unlike(c, (await readInput(c, objectInput)).object);
    return c.body(null, 204);
  });

/** Does what was asked for; `undefined` where a like was taken back. */
async function react(
  c: Context,
  { type, object, content }: z.output<typeof reactionInput>,
): Promise<ReactResult | undefined> {
  const { registry } = c.get("web");
  const { user } = requireSession(c);
  switch (type) {
    case "like":
      return await likePost(registry, user, object);
    case "reply":
      return await replyToPost(registry, user, { object, ...checkInput(replyInput, { content }) });
    case "unlike":
      await unlike(c, object);
      return undefined;
  }
}

async function unlike(c: Context, object: string): Promise<void> {
  if (!(await unlikePost(c.get("web").registry, requireSession(c).user, object)))
    throw new Problem(404, "You don't like that post.");
}

async function showCollection(c: Context, text: string, kind: NoteCollection): Promise<Response> {
  const { db, paths } = c.get("web");
  const index = parseNoteUrl(paths, `${paths.origin}/notes/${text}`);
  const asset = index == null ? undefined : await findAssetByIndex(db, index);
  if (index == null || asset == null || asset.post === "none") {
    const withdrawn = index != null && (await findPost(db, index)) === null;
    throw withdrawn
      ? new Problem(410, `The post at index ${text} was withdrawn.`)
      : new Problem(404, "There is no post at that index.");
  }
  if (wantsPage(c)) return c.redirect(local.assetPage(asset.name), 303);
  const iris =
    kind === "replies" ? (await listReplies(db, asset.id, listed)).map(({ iri }) => iri) : undefined;
  return answerDocument(
    c,
    JSON.stringify(buildCollection(paths.noteCollection(index, kind), asset[kind], iris)),
  );
}

async function showReply(c: Context, username: string, key: string): Promise<Response> {
  const { db, paths } = c.get("web");
  const reply = await findReply(db, paths.reply(username, key));
  if (reply == null) throw new Problem(404, "There is no reply at that address.");
  if (!wantsPage(c)) return answerDocument(c, reply.document);
  const note = JSON.parse(reply.document) as JsonObject;
  const alternate = { href: c.req.path, type: "application/activity+json" };
  return await c.html(
    <Layout {...frame(c, `Reply by ${username}`, alternate)}>
      <ReplyPage
        username={username}
        object={reply.object}
        html={sanitizeRemoteHtml(String(note["content"]))}
        published={String(note["published"])}
      />
    </Layout>,
  );
}

function answerDocument(c: Context, document: string): Response {
  return c.body(document, 200, { "Content-Type": "application/activity+json" });
}
