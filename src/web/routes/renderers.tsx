import { Hono } from "hono";
import { z } from "zod";
import { attachRenderer } from "../../accounts/renderer-tokens.ts";
import { findOrigin, parseOrigin } from "../../core/origin.ts";
import { local, rendererSignIn } from "../../core/paths.ts";
import { type RendererScope, rendererScopes } from "../../core/scopes.ts";
import { type Attachment, deleteAttachment, listAttachments } from "../../db/user-renderers.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { isForm, readForm, readInput } from "../input.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";
import { type RendererItem, RenderersPage } from "../views/renderers.tsx";

const detachInput = z.object({ l1_server: z.string() });
const attachInput = detachInput.extend({ scopes: z.array(z.enum(rendererScopes)).nullish() });

/** How long a token is good that is for being verified once, in milliseconds. */
const oneTimeLifetime = 60_000;

/** The renderers there are, and which of them a user lets log him in. */
export const rendererRoutes = new Hono<WebEnv>()
  .get("/renderers", async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn("/renderers"), 303);
    if (wantsPage(c)) return await showRenderers(c, emptyForm);
    return c.json({ servers: await listRenderers(c) });
  })
  .post("/renderers", async (c) => {
    requireSession(c);
    if (!isForm(c)) return await attach(c, await readInput(c, attachInput));
    const values = await readForm(c);
    return await submitForm(
      c,
      values,
      (form) => showRenderers(c, form),
      async () => {
        if (values["detach"] == null) return await attach(c, checkInput(attachInput, toAttachInput(values)));
        await detach(c, values["detach"]);
        return c.redirect("/renderers", 303);
      },
    );
  })
  .delete("/renderers", async (c) => {
    requireSession(c);
    await detach(c, (await readInput(c, detachInput)).l1_server);
    return c.body(null, 204);
  });

async function attach(c: Context, input: z.output<typeof attachInput>): Promise<Response> {
  const web = c.get("web");
  const { user } = requireSession(c);
  const l1Server = findOrigin(web.l1Servers, input.l1_server);
  if (l1Server == null) throw unknownRenderer(web.l1Servers);
  // Whatever else it may do, it knows who the user is.
  const scopes: RendererScope[] = [...new Set(["renderer" as const, ...(input.scopes ?? rendererScopes)])];
  const once = web.l1OneTime.includes(l1Server);
  const terms = once ? { oneTime: true, lifetime: oneTimeLifetime } : {};
  const { token } = await attachRenderer(web, user, { l1Server, scopes, ...terms });
  // The token stands in the address, which nobody else is to learn of.
  c.header("Referrer-Policy", "no-referrer");
  return c.redirect(rendererSignIn(l1Server, web.l1AuthParam, token), 303);
}

/** Detaches also from a renderer that is offered no more. */
async function detach(c: Context, text: string): Promise<void> {
  const { user } = requireSession(c);
  const l1Server = parseOrigin(text)?.origin;
  if (l1Server != null && (await deleteAttachment(c.get("web").db, user.id, l1Server))) return;
  throw new Problem(404, "You are not attached to that renderer.");
}

function unknownRenderer(l1Servers: readonly string[]): Problem {
  const known =
    l1Servers.length === 0 ? "has no renderers" : `knows these renderers: ${l1Servers.join(", ")}`;
  return new Problem(400, `That is none of the renderers of this server, which ${known}.`, {
    errors: [{ field: "l1_server", message: "must be one of the renderers of this server" }],
  });
}

/** Scopes stand in a form as one text, and the one that can be unticked beside it. */
function toAttachInput(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const { l1_server, scopes } = values;
  if (scopes == null) return { l1_server };
  const named = scopes.split(/\s+/).filter((scope) => scope !== "");
  return { l1_server, scopes: values["record-run"] == null ? named : [...named, "record-run"] };
}

/** The renderers of the configuration in its order, and then those that the user is attached to from before. */
async function listRenderers(c: Context): Promise<RendererItem[]> {
  const { db, l1Servers, probe } = c.get("web");
  const attachments = await listAttachments(db, requireSession(c).user.id);
  const find = (l1Server: string) => attachments.find((attachment) => attachment.l1Server === l1Server);
  const gone = attachments.filter(({ l1Server }) => !l1Servers.includes(l1Server));
  const offered = l1Servers.map(async (l1Server) =>
    toItem(l1Server, find(l1Server), { available: true, reachable: await probe(l1Server) }),
  );
  const rest = gone.map((attachment) =>
    toItem(attachment.l1Server, attachment, { available: false, reachable: null }),
  );
  return [...(await Promise.all(offered)), ...rest];
}

function toItem(
  l1Server: string,
  attachment: Attachment | undefined,
  state: Pick<RendererItem, "available" | "reachable">,
): RendererItem {
  return {
    l1_server: l1Server,
    attached: attachment != null,
    scopes: attachment?.scopes ?? [],
    created_at: attachment?.attached.toISOString() ?? null,
    first_verified: attachment?.firstVerified?.toISOString() ?? null,
    last_verified: attachment?.lastVerified?.toISOString() ?? null,
    ...state,
  };
}

async function showRenderers(c: Context, form: FormState): Promise<Response> {
  const servers = await listRenderers(c);
  return await c.html(
    <Layout {...frame(c, "Renderers", { href: "/renderers", type: "application/json" })}>
      <RenderersPage servers={servers} form={form} />
    </Layout>,
  );
}
