import { local } from "../../core/paths.ts";
import { previewTypes } from "../../core/preview.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import type { FormState } from "./props.ts";

const label = "Preview";

interface PreviewProps {
  /** Of the asset. */
  readonly name: string;
  readonly form: FormState;
}

/** The field by which a form takes a preview. */
export function PreviewField({ form, required = false }: { form: FormState; required?: boolean }) {
  return (
    <Field
      form={form}
      name="preview"
      label={label}
      hint="A picture of at most 1 MiB and 4,096 pixels a side: JPEG, PNG or WebP. It is kept as it is, with whatever the camera wrote into it, and everybody can see it."
      type="file"
      accept={previewTypes.join(",")}
      required={required}
    />
  );
}

/** Where the owner of an asset chooses the picture that shows it. */
export function PreviewForm({ name, form }: PreviewProps) {
  return (
    <form class="stacked" method="post" action={local.preview(name)} enctype="multipart/form-data">
      <PreviewField form={form} required />
      <p class="actions">
        <button type="submit">Set the preview</button>
        <button class="link" type="submit" name="remove" value="yes" formnovalidate>
          Remove the preview
        </button>
      </p>
    </form>
  );
}

/** The same form on a page of its own, which says what was wrong with it. */
export function PreviewPage({ name, form }: PreviewProps) {
  return (
    <section class="narrow">
      <h1>
        Preview of <bdi>{name}</bdi>
      </h1>
      <ErrorSummary form={form} labels={{ preview: label }} />
      <PreviewForm name={name} form={form} />
      <p>
        <a href={local.assetPage(name)}>Back to the work</a>
      </p>
    </section>
  );
}
