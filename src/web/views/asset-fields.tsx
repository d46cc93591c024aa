import type { PropsWithChildren } from "hono/jsx";
import { Checkbox, Field } from "./field.tsx";
import type { FormState } from "./props.ts";

/** What the fields of a work are called, wherever they stand. */
export const assetLabels = {
  name: "Name",
  content_hash: "Content hash",
  asset_type: "Type",
  tags: "Tags",
  description: "Description",
  url: "Address of the file",
  media_type: "Media type",
  width: "Width",
  height: "Height",
  duration: "Duration",
  blurhash: "BlurHash",
  alt: "Alternative text",
  preview: "Preview",
  license: "Licence",
  language: "Language",
  content_warning: "Content warning",
  sensitive: "Sensitive work",
  post: "Post to followers",
};

/** What may be said of a work, and changed later. */
export function DescriptionFields({ form }: { form: FormState }) {
  return (
    <>
      <Field form={form} name="description" label={assetLabels.description} lines={5} />
      <Field
        form={form}
        name="tags"
        label={assetLabels.tags}
        hint="Separated by commas: sea, long exposure"
      />
    </>
  );
}

/** Where the file is, and what it is. */
export function FileFields({ form, children }: PropsWithChildren<{ form: FormState }>) {
  return (
    <fieldset>
      <legend>The file</legend>
      <Field
        form={form}
        name="url"
        label={assetLabels.url}
        hint="Where everybody can see or hear it: https://..."
        type="url"
      />
      <Field form={form} name="media_type" label={assetLabels.media_type} hint="Such as image/png" />
      <div class="field-row">
        <Field form={form} name="width" label={assetLabels.width} hint="Pixels" type="number" />
        <Field form={form} name="height" label={assetLabels.height} hint="Pixels" type="number" />
        <Field form={form} name="duration" label={assetLabels.duration} hint="Seconds" type="number" />
      </div>
      <Field
        form={form}
        name="blurhash"
        label={assetLabels.blurhash}
        hint="A blurred picture in a few letters, shown while the work loads."
        autocomplete="off"
      />
      <Field
        form={form}
        name="alt"
        label={assetLabels.alt}
        hint="What it shows, for people who cannot see or hear it."
        lines={3}
      />
      {children}
    </fieldset>
  );
}

/** Under which terms a work is shown, and to whom. */
export function TermsFields({ form }: { form: FormState }) {
  return (
    <fieldset>
      <legend>Terms</legend>
      <Field
        form={form}
        name="license"
        label={assetLabels.license}
        hint="Its name, or the address of its text."
      />
      <Field form={form} name="language" label={assetLabels.language} hint="Such as en or pt-BR" />
      <Field
        form={form}
        name="content_warning"
        label={assetLabels.content_warning}
        hint="The work stays hidden behind these words until somebody asks for it."
      />
      <Checkbox
        form={form}
        name="sensitive"
        label={assetLabels.sensitive}
        hint="Hidden until somebody asks for it, without words of your own."
      />
    </fieldset>
  );
}
