import { Hono } from "hono";
import { local } from "../../core/paths.ts";
import { maxPreviewBytes } from "../../core/preview.ts";
import { countAssets, listAssets } from "../../db/assets.ts";
import { getLogSize } from "../../db/log.ts";
import { countUsers } from "../../db/users.ts";
import { assetInput } from "../../registry/asset-input.ts";
import { frame, wantsPage } from "../answer.tsx";
import { toAssetInput } from "../asset-form.ts";
import { toAssetJson } from "../asset-json.ts";
import { homeCard } from "../card.ts";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { emptyForm, submitForm } from "../form.ts";
import { readForm } from "../input.ts";
import { readMultipart } from "../multipart.ts";
import { toOwnPath } from "../own-path.ts";
import { Problem } from "../problem.ts";
import { requirePreview } from "../read-preview.ts";
import { requireSession, startSession } from "../session.ts";
import { HomePage } from "../views/home.tsx";
import { Layout } from "../views/layout.tsx";
import { LoginPage } from "../views/login.tsx";
import { NewAssetPage } from "../views/new-asset.tsx";
import type { FormState } from "../views/props.ts";
import { RegisterPage } from "../views/register.tsx";
import { createAsset } from "./assets.tsx";
import { accountInput, checkCredentials, createAccount, credentialsInput } from "./auth.ts";

/** The home page, and the forms by which visitors register, sign in and register works. */
export const pageRoutes = new Hono<WebEnv>()
  .get("/", async (c) => {
    const { db, paths, origin, version, files } = c.get("web");
    const [users, assets, activities] = [await countUsers(db), await countAssets(db), await getLogSize(db)];
    if (!wantsPage(c)) return c.json({ name: "Art DAG L2", version, origin, users, assets, activities });
    const latest = await listAssets(db, {}, { before: Number.MAX_SAFE_INTEGER, limit: 8 });
    return c.html(
      <Layout {...frame(c, "Art DAG L2", { href: "/", type: "application/json" }, homeCard(paths))}>
        <HomePage
          users={users}
          assets={assets}
          activities={activities}
          latest={latest.map((asset) => toAssetJson(paths, asset))}
          readme={files.readme}
        />
      </Layout>,
    );
  })
  .get("/login", (c) => showLogin(c, emptyForm, c.req.query("next")))
  .post("/login", async (c) => {
    const values = await readForm(c);
    const show = (form: FormState) => showLogin(c, form, values["next"]);
    return await submitForm(c, values, show, async () => {
      await startSession(c, await checkCredentials(c, checkInput(credentialsInput, values)));
      return c.redirect(toOwnPath(values["next"]), 303);
    });
  })
  .get("/register", (c) => {
    const invite = c.req.query("invite");
    return showRegister(c, invite == null ? emptyForm : { values: { invite }, errors: [] });
  })
  .post("/register", async (c) => {
    const values = await readForm(c);
    const show = (form: FormState) => showRegister(c, form);
    return await submitForm(c, values, show, async () => {
      const user = await createAccount(c, checkInput(accountInput, values));
      await startSession(c, user);
      return c.redirect(local.actor(user.username), 303);
    });
  })
  .get("/new", (c) =>
    c.get("session") == null ? c.redirect("/login?next=/new", 303) : showNew(c, emptyForm),
  )
  .post("/new", async (c) => {
    requireSession(c);
    const { values, files } = await readMultipart(c, { files: maxPreviewBytes });
    const show = (form: FormState) => showNew(c, form);
    return await submitForm(c, values, show, async () => {
      const input = checkInput(assetInput, toAssetInput(values));
      const file = files.get("preview");
      const { asset } = await createAsset(c, input, file == null ? undefined : requirePreview(file));
      return c.redirect(local.assetPage(asset.name), 303);
    });
  });

function showLogin(c: Context, form: FormState, next: string | undefined) {
  return c.html(
    <Layout {...frame(c, "Sign in")}>
      <LoginPage
        form={form}
        next={next == null ? null : toOwnPath(next)}
        providers={c.get("web").providers}
      />
    </Layout>,
  );
}

function showRegister(c: Context, form: FormState) {
  if (c.get("web").registration === "closed") throw new Problem(403, "This server takes no new accounts.");
  return c.html(
    <Layout {...frame(c, "Register")}>
      <RegisterPage form={form} providers={c.get("web").providers} />
    </Layout>,
  );
}

function showNew(c: Context, form: FormState) {
  return c.html(
    <Layout {...frame(c, "Register a work")}>
      <NewAssetPage form={form} />
    </Layout>,
  );
}
