import { Hono } from "hono";
import { local } from "../../core/paths.ts";
import { maxPreviewBytes } from "../../core/preview.ts";
import type { PreviewImage } from "../../registry/preview-image.ts";
import { setPreview } from "../../registry/set-preview.ts";
import { changeAsset } from "../../registry/update-asset.ts";
import { frame } from "../answer.tsx";
import type { Context, WebEnv } from "../context.ts";
import { submitForm } from "../form.ts";
import { readMultipart, type SentForm } from "../multipart.ts";
import { Problem } from "../problem.ts";
import { describeOverQuota, readPreviewBody, requirePreview } from "../read-preview.ts";
import { requireSession } from "../session.ts";
import { Layout } from "../views/layout.tsx";
import { PreviewPage } from "../views/preview.tsx";
import type { FormState } from "../views/props.ts";
import { answerChange, describeMissing, readName } from "./assets.tsx";

/** The image that shows an asset, for its owner to set and to remove; a form, which knows no PUT, does both by POST. */
export const previewRoutes = new Hono<WebEnv>()
  .put("/assets/:name/preview", async (c) => {
    requireSession(c);
    return await change(c, readName(c), await readPreviewBody(c));
  })
  .delete("/assets/:name/preview", async (c) => {
    requireSession(c);
    return await change(c, readName(c), null);
  })
  .post("/assets/:name/preview", async (c) => {
    requireSession(c);
    const name = readName(c);
    const show = (form: FormState) =>
      c.html(
        <Layout {...frame(c, `Preview of ${name}`)}>
          <PreviewPage name={name} form={form} />
        </Layout>,
      );
    return await submitForm(c, {}, show, async () => {
      await change(c, name, readChoice(await readMultipart(c, { files: maxPreviewBytes })));
      return c.redirect(local.assetPage(name), 303);
    });
  });

/** The image that a form has sent; `null` where its button was the one that removes the preview. */
function readChoice({ values, files }: SentForm): PreviewImage | null {
  if (values["remove"] != null) return null;
  const file = files.get("preview");
  if (file != null) return requirePreview(file);
  throw new Problem(422, "The form must carry an image, named preview.", {
    errors: [{ field: "preview", message: "is missing" }],
  });
}

async function change(c: Context, name: string, image: PreviewImage | null): Promise<Response> {
  const { user } = requireSession(c);
  const { registry } = c.get("web");
  const result =
    image == null
      ? await changeAsset(registry, user, name, { preview_url: null })
      : await setPreview(registry, user, name, image);
  if (result.type === "over_quota") throw describeOverQuota(result);
  if (result.type === "not_found") throw await describeMissing(c, name);
  return await answerChange(c, name, result);
}
