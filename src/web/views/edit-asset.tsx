import { local } from "../../core/paths.ts";
import { assetLabels, DescriptionFields, FileFields, TermsFields } from "./asset-fields.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import type { FormState } from "./props.ts";

/** The form that changes what is said of a work. */
export function EditAssetPage({ name, form }: { name: string; form: FormState }) {
  return (
    <section class="narrow">
      <h1>Change a work</h1>
      <p>
        What you change of{" "}
        <a href={local.assetPage(name)} dir="auto">
          {name}
        </a>{" "}
        is signed as an update and sent to your followers. Its name and its hash stay, and so does the first
        claim.
      </p>
      <ErrorSummary form={form} labels={assetLabels} />
      <form class="stacked" method="post" action={local.editAsset(name)}>
        <fieldset>
          <legend>The work</legend>
          <DescriptionFields form={form} />
        </fieldset>
        <FileFields form={form} />
        <TermsFields form={form} />
        <p class="actions">
          <button type="submit">Save the changes</button>
          <a href={local.assetPage(name)}>Leave it as it is</a>
        </p>
      </form>
    </section>
  );
}
