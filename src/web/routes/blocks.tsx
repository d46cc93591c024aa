import { Hono } from "hono";
import { z } from "zod";
import { normalizeDomain, normalizeIri } from "../../core/domain.ts";
import { formatHandle, parseHandle } from "../../core/handle.ts";
import { isStorableText } from "../../core/text.ts";
import { type BlockTarget, findActorByHandle, listBlocks, type ListedBlock } from "../../db/blocks.ts";
import { block, type Blocker, unblock } from "../../registry/block.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput, invalidInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { isForm, readForm, readInput } from "../input.ts";
import { cutPage, nextPath, readPageQuery } from "../page-query.ts";
import { Problem } from "../problem.ts";
import { requireAdmin } from "../require-admin.ts";
import { requireSession } from "../session.ts";
import { type BlockItem, BlocksPage } from "../views/blocks.tsx";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";

/** Whose blocks an address is about. */
interface Scope {
  readonly path: string;
  readonly blocker: Blocker;
}

const text = z.string().trim().refine(isStorableText, "must be well-formed text without NUL");
const targetInput = z.object({ kind: z.enum(["domain", "actor"]), target: text.min(1).max(2048) });
const blockInput = targetInput.extend({ reason: text.max(500).nullish() });

/** A user's own blocks, and those of the whole server. */
export const blockRoutes = new Hono<WebEnv>()
  .get("/settings/blocks", async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect("/login?next=/settings/blocks", 303);
    return await showBlocks(c, ownScope(c), emptyForm);
  })
  .post("/settings/blocks", (c) => addBlock(c, ownScope(c)))
  .delete("/settings/blocks", (c) => removeBlock(c, ownScope(c)))
  .get("/admin/blocks", (c) => showBlocks(c, serverScope(c), emptyForm))
  .post("/admin/blocks", (c) => addBlock(c, serverScope(c)))
  .delete("/admin/blocks", (c) => removeBlock(c, serverScope(c)));

function ownScope(c: Context): Scope {
  return { path: "/settings/blocks", blocker: requireSession(c).user };
}

function serverScope(c: Context): Scope {
  requireAdmin(c);
  return { path: "/admin/blocks", blocker: null };
}

async function showBlocks(c: Context, { path, blocker }: Scope, form: FormState): Promise<Response> {
  const { limit, cursor } = readPageQuery(c);
  const before = cursor ?? Number.MAX_SAFE_INTEGER;
  const rows = await listBlocks(c.get("web").db, blocker?.id ?? null, { before, limit: limit + 1 });
  const page = cutPage(rows, limit, ({ id }) => id);
  const items = page.items.map(toItem);
  const next = nextPath(c, page.next);
  if (!wantsPage(c)) return c.json({ items, next });
  const title = blocker == null ? "Blocked by this server" : "Your blocks";
  return await c.html(
    <Layout {...frame(c, title)}>
      <BlocksPage title={title} path={path} server={blocker == null} items={items} next={next} form={form} />
    </Layout>,
  );
}

async function addBlock(c: Context, scope: Scope): Promise<Response> {
  if (!isForm(c)) {
    const { added, ...target } = await add(c, scope, await readInput(c, blockInput));
    return c.json(target, added ? 201 : 200);
  }
  const values = await readForm(c);
  const show = (form: FormState) => showBlocks(c, scope, form);
  return await submitForm(c, values, show, async () => {
    const { unblock: ended, ...rest } = values;
    if (ended == null)
      await add(c, scope, checkInput(blockInput, { ...rest, reason: rest["reason"] || null }));
    else await remove(c, scope, checkInput(targetInput, { kind: values["kind"], target: ended }));
    return c.redirect(scope.path, 303);
  });
}

async function removeBlock(c: Context, scope: Scope): Promise<Response> {
  await remove(c, scope, await readInput(c, targetInput));
  return c.body(null, 204);
}

async function add(c: Context, { blocker }: Scope, input: z.output<typeof blockInput>) {
  const { registry, paths } = c.get("web");
  const target = await readTarget(c, input);
  if (blocker != null && target.target === paths.actor(blocker.username))
    throw invalidInput([{ field: "target", message: "is your own" }]);
  const result = await block(registry, blocker, [{ ...target, reason: input.reason ?? null }]);
  if (result.type === "own_domain")
    throw invalidInput([{ field: "target", message: "is this server's own domain" }]);
  return { ...target, added: result.added > 0 };
}

async function remove(c: Context, { blocker }: Scope, input: BlockTarget): Promise<void> {
  if (!(await unblock(c.get("web").db, blocker, await readTarget(c, input))))
    throw new Problem(404, "There is no such block.");
}

/** The target as it is stored: a domain, or the IRI of an actor, who may be named by a handle too. */
async function readTarget(c: Context, { kind, target }: BlockTarget): Promise<BlockTarget> {
  const { db, resolveActor } = c.get("web");
  if (kind === "domain") {
    const domain = normalizeDomain(target);
    if (domain == null)
      throw invalidInput([{ field: "target", message: "must be a domain, such as example.org" }]);
    return { kind, target: domain };
  }
  const handle = parseHandle(target);
  const known = handle == null ? normalizeIri(target) : await findActorByHandle(db, handle);
  if (known != null) return { kind, target: normalizeIri(known) ?? known };
  const result = await resolveActor(target);
  if (result.type === "not_resolved") throw invalidInput([{ field: "target", message: result.reason }]);
  return { kind, target: normalizeIri(result.actor.iri) ?? result.actor.iri };
}

function toItem({ kind, target, reason, created, username, host }: ListedBlock): BlockItem {
  const handle = username == null || host == null ? null : formatHandle({ username, host });
  return { kind, target, handle, reason, created_at: created.toISOString() };
}
