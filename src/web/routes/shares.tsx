import { Hono } from "hono";
import { z } from "zod";
import { isStorableText } from "../../core/text.ts";
import { sharePost, unsharePost } from "../../registry/share.ts";
import { wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { toOwnPath } from "../own-path.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { getAsset } from "./assets.tsx";

const shareInput = z.object({
  object: z.string().trim().min(1).max(2048).refine(isStorableText, "must be well-formed text without NUL"),
});

/** What a form sends, which knows no DELETE: `undo` takes the share back, `next` is the page to go on to. */
const shareForm = shareInput.extend({ undo: z.string().optional(), next: z.string().optional() });

/** Sharing: of works of this server by their names, of any post that is known here by its URL. */
export const shareRoutes = new Hono<WebEnv>()
  .post("/assets/:name/share", async (c) => {
    requireSession(c);
    const asset = await getAsset(c);
    if (asset.post === "none") {
      throw new Problem(409, "The asset was registered without a post, so there is nothing to share.");
    }
    return await share(c, c.get("web").paths.note(asset.activity_index));
  })
  .delete("/assets/:name/share", async (c) => {
    requireSession(c);
    const asset = await getAsset(c);
    return await unshare(c, c.get("web").paths.note(asset.activity_index));
  })
  .post("/shares", async (c) => {
    requireSession(c);
    const { object, undo, next } = await readInput(c, shareForm, { form: true });
    const answer = undo == null ? await share(c, object) : await unshare(c, object);
    return wantsPage(c) ? c.redirect(toOwnPath(next ?? "/home"), 303) : answer;
  })
  .delete("/shares", async (c) => {
    requireSession(c);
    const { object } = await readInput(c, shareInput);
    return await unshare(c, object);
  });

async function share(c: Context, object: string): Promise<Response> {
  const result = await sharePost(c.get("web").registry, requireSession(c).user, object);
  if (result.type === "not_found") throw new Problem(404, "No public post at that address is known here.");
  return c.json({ activity: result.activity }, result.type === "shared" ? 201 : 200);
}

async function unshare(c: Context, object: string): Promise<Response> {
  const result = await unsharePost(c.get("web").registry, requireSession(c).user, object);
  if (result.type === "not_shared") throw new Problem(404, "You don't share that post.");
  return c.json({ activity: result.activity });
}
