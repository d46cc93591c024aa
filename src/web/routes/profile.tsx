import { Hono } from "hono";
import { normalizeAssetName } from "../../core/asset-name.ts";
import { local } from "../../core/paths.ts";
import { isStorableText } from "../../core/text.ts";
import { listPinnable } from "../../db/pins.ts";
import type { UserRow } from "../../db/schema.ts";
import { pinAsset, unpinAsset } from "../../registry/pin-asset.ts";
import { changeProfile, profileInput } from "../../registry/profile-input.ts";
import { updateProfile } from "../../registry/update-profile.ts";
import { frame, wantsPage } from "../answer.tsx";
import { checkInput } from "../check-input.ts";
import type { Context, WebEnv } from "../context.ts";
import { submitForm } from "../form.ts";
import { readForm, readInput } from "../input.ts";
import { Problem } from "../problem.ts";
import { fieldCount, toFormValues, toProfileInput } from "../profile-form.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { SettingsPage } from "../views/profile-form.tsx";
import type { FormState } from "../views/props.ts";

/** What users say of themselves, and the works they show first. */
export const profileRoutes = new Hono<WebEnv>()
  .patch("/users/:username", async (c) => {
    const { user } = requireSession(c);
    if (user.username !== c.req.param("username"))
      throw new Problem(403, "You can change your own profile only.");
    return c.json(toJson(c, await save(c, await readInput(c, profileInput))));
  })
  .get("/settings", async (c) => {
    if (c.get("session") == null && wantsPage(c)) return c.redirect(local.signIn("/settings"), 303);
    const { user } = requireSession(c);
    if (!wantsPage(c)) return c.json(toJson(c, user));
    return await showSettings(c, { values: toFormValues(user), errors: [] });
  })
  .post("/settings", async (c) => {
    const { user } = requireSession(c);
    const values = await readForm(c);
    const show = (form: FormState) => showSettings(c, form);
    return await submitForm(c, values, show, async () => {
      await save(c, checkInput(profileInput, toProfileInput(values)));
      return c.redirect(local.actor(user.username), 303);
    });
  })
  .put("/assets/:name/pin", async (c) => {
    requireSession(c);
    await pin(c, c.req.param("name"));
    return c.body(null, 204);
  })
  .delete("/assets/:name/pin", async (c) => {
    requireSession(c);
    await unpin(c, c.req.param("name"));
    return c.body(null, 204);
  })
  .post("/settings/pins", async (c) => {
    const { user } = requireSession(c);
    const values = await readForm(c);
    const show = ({ errors }: FormState) => showSettings(c, { values: toFormValues(user), errors });
    return await submitForm(c, values, show, async () => {
      const { unpin: ended } = values;
      if (ended == null) await pin(c, values["pin"] ?? "");
      else await unpin(c, ended);
      return c.redirect("/settings#featured", 303);
    });
  });

async function save(c: Context, input: Parameters<typeof changeProfile>[1]): Promise<UserRow> {
  const { user } = requireSession(c);
  const { registry } = c.get("web");
  return (await updateProfile(registry, user.id, (profile) => changeProfile(profile, input))).user;
}

async function pin(c: Context, name: string): Promise<void> {
  const result = await pinAsset(c.get("web").registry, requireSession(c).user.id, readName(name));
  switch (result) {
    case "pinned":
    case "already_pinned":
      return;
    case "not_found":
      throw notFound();
    case "no_post":
      throw new Problem(409, "That asset has no post that a profile could feature.");
    case "full":
      throw new Problem(409, "Five posts are featured already. Remove one of them first.");
  }
}

async function unpin(c: Context, name: string): Promise<void> {
  if (await unpinAsset(c.get("web").registry, requireSession(c).user.id, readName(name))) return;
  throw notFound();
}

function readName(text: string): string {
  const name = normalizeAssetName(text);
  if (isStorableText(name)) return name;
  throw notFound();
}

function notFound(): Problem {
  return new Problem(404, "You have no asset of that name.");
}

async function showSettings(c: Context, form: FormState): Promise<Response> {
  const works = await listPinnable(c.get("web").db, requireSession(c).user.id);
  return await c.html(
    <Layout {...frame(c, "Your profile")}>
      <SettingsPage
        form={form}
        lines={fieldCount}
        pinned={works.filter(({ pinned }) => pinned).map(({ name }) => name)}
        others={works.filter(({ pinned }) => !pinned).map(({ name }) => name)}
      />
    </Layout>,
  );
}

function toJson(c: Context, user: UserRow) {
  const { username, name, summary, fields, icon_url, image_url, also_known_as, moved_to } = user;
  const actor = c.get("web").paths.actor(username);
  return { username, actor, name, summary, fields, icon_url, image_url, also_known_as, moved_to };
}
