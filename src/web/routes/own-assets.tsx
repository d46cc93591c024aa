import { type Context as HonoContext, Hono } from "hono";
import { local } from "../../core/paths.ts";
import type { AssetView } from "../../db/assets.ts";
import { assetPatch } from "../../registry/asset-patch.ts";
import { changeAsset } from "../../registry/update-asset.ts";
import { withdrawAsset } from "../../registry/withdraw-asset.ts";
import { frame } from "../answer.tsx";
import { toAssetFormValues, toAssetPatch } from "../asset-form.ts";
import { toAssetJson } from "../asset-json.ts";
import { checkInput } from "../check-input.ts";
import type { WebEnv } from "../context.ts";
import { submitForm } from "../form.ts";
import { readForm } from "../input.ts";
import { Problem } from "../problem.ts";
import { requireSession } from "../session.ts";
import { EditAssetPage } from "../views/edit-asset.tsx";
import { Layout } from "../views/layout.tsx";
import type { FormState } from "../views/props.ts";
import { WithdrawAssetPage } from "../views/withdraw-asset.tsx";
import { getAsset } from "./assets.tsx";

type Context = HonoContext<WebEnv, "/:name">;

/** The forms by which owners change and withdraw their works: what `PATCH` and `DELETE /assets/{name}` do. */
export const ownAssetRoutes = new Hono<WebEnv>()
  .get("/asset/:name/edit", async (c) => {
    if (c.get("session") == null) return c.redirect(local.signIn(c.req.path), 303);
    const asset = await getOwnAsset(c);
    const values = toAssetFormValues(toAssetJson(c.get("web").paths, asset));
    return showEdit(c, asset.name, { values, errors: [] });
  })
  .post("/asset/:name/edit", async (c) => {
    const { user } = requireSession(c);
    const { name } = await getOwnAsset(c);
    const values = await readForm(c);
    return await submitForm(
      c,
      values,
      (form) => showEdit(c, name, form),
      async () => {
        const patch = checkInput(assetPatch, toAssetPatch(values));
        const result = await changeAsset(c.get("web").registry, user, name, patch);
        if (result.type === "not_found") throw new Problem(404, "You have no asset of that name.");
        return c.redirect(local.assetPage(name), 303);
      },
    );
  })
  .get("/asset/:name/withdraw", async (c) => {
    if (c.get("session") == null) return c.redirect(local.signIn(c.req.path), 303);
    const { name, post } = await getOwnAsset(c);
    return c.html(
      <Layout {...frame(c, `Withdraw ${name}`)}>
        <WithdrawAssetPage name={name} shown={post !== "none"} />
      </Layout>,
    );
  })
  .post("/asset/:name/withdraw", async (c) => {
    const { user } = requireSession(c);
    const { name } = await getOwnAsset(c);
    const result = await withdrawAsset(c.get("web").registry, user, name);
    if (result.type === "not_found") throw new Problem(404, "You have no asset of that name.");
    return c.redirect(local.actor(user.username), 303);
  });

function showEdit(c: Context, name: string, form: FormState) {
  return c.html(
    <Layout {...frame(c, `Change ${name}`)}>
      <EditAssetPage name={name} form={form} />
    </Layout>,
  );
}

/** Another's asset is none of the visitor's. */
export async function getOwnAsset(c: Context): Promise<AssetView> {
  const { user } = requireSession(c);
  const asset = await getAsset(c);
  if (asset.user_id !== user.id) throw new Problem(404, "You have no asset of that name.");
  return asset;
}
