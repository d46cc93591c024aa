import { Hono } from "hono";
import { unlinkSignIn } from "../../accounts/sign-ins.ts";
import { local } from "../../core/paths.ts";
import { listSignIns } from "../../db/sign-ins.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm } from "../input.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";
import { ContinuePage, SignInsPage } from "../views/sign-ins.tsx";
import { begin, findProvider } from "./oauth.tsx";

const path = "/settings/sign-ins";

/** The accounts elsewhere by which a user signs in. */
export const signInRoutes = new Hono<WebEnv>()
  .get(path, async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn(path), 303);
    return await showSignIns(c, emptyForm);
  })
  .post(path, async (c) => {
    const { user } = requireSession(c);
    const values = await readForm(c);
    const show = (form: FormState) => showSignIns(c, form);
    return await submitForm(c, values, show, async () => {
      if (values["link"] == null) {
        await unlink(c, values["unlink"]);
        return c.redirect(path, 303);
      }
      const provider = findProvider(c, values["link"]);
      const url = await begin(c, provider, { link: user.id });
      // A form may lead to this server only (CSP), so that the browser goes on from a page.
      c.header("Refresh", `0;url=${url}`);
      return await c.html(
        <Layout {...frame(c, `To ${provider.title}`)}>
          <ContinuePage title={provider.title} url={url} />
        </Layout>,
      );
    });
  })
  .delete(`${path}/:id`, async (c) => {
    requireSession(c);
    await unlink(c, c.req.param("id"));
    return c.body(null, 204);
  });

async function unlink(c: Context, text: string | undefined): Promise<void> {
  const { db, providers } = c.get("web");
  const id = /^[1-9]\d{0,14}$/.test(text ?? "") ? Number(text) : 0;
  const usable = providers.map(({ name }) => name);
  switch (await unlinkSignIn(db, requireSession(c).user, id, usable)) {
    case "unlinked":
      return;
    case "not_found":
      throw new Problem(404, "You have linked no such account.");
    case "last_way":
      throw new Problem(409, "You could not sign in any more. Set a password first.");
  }
}

async function showSignIns(c: Context, form: FormState): Promise<Response> {
  const { db, providers } = c.get("web");
  const { user } = requireSession(c);
  const items = (await listSignIns(db, user.id)).map(({ id, provider, label, created, used }) => ({
    id,
    provider,
    label,
    created_at: created.toISOString(),
    used_at: used?.toISOString() ?? null,
  }));
  const available = providers.map(({ name, title }) => ({ name, title }));
  const password = user.password_hash != null;
  if (!wantsPage(c)) return c.json({ items, password, providers: available });
  return await c.html(
    <Layout {...frame(c, "Ways to sign in")}>
      <SignInsPage items={items} password={password} providers={available} form={form} />
    </Layout>,
  );
}
