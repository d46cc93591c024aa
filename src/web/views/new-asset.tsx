import { assetTypes } from "../../core/media.ts";
import { assetLabels, DescriptionFields, FileFields, TermsFields } from "./asset-fields.tsx";
import { local } from "../../core/paths.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { capitalize } from "./format.ts";
import { PreviewField } from "./preview.tsx";
import type { FormState } from "./props.ts";

const types = assetTypes.map((type) => [type, capitalize(type)] as const);
const posts = [
  ["", "Images, video and audio only"],
  ["public", "Yes, publicly"],
  ["unlisted", "Yes, but keep it out of feeds and search engines"],
  ["none", "No"],
] as const;

/** The form that registers a work. */
export function NewAssetPage({ form }: { form: FormState }) {
  return (
    <section class="narrow">
      <h1>Register a work</h1>
      <p>
        The claim is signed in your name and stays in the log. The file itself is not uploaded; a preview is,
        where you choose one.
      </p>
      <p>
        Did a renderer make it? Then <a href={local.recordRun}>record its run</a>.
      </p>
      <ErrorSummary form={form} labels={assetLabels} />
      <form class="stacked" method="post" action="/new" enctype="multipart/form-data" data-work-file>
        <WorkFields form={form} />
        <FileFields form={form}>
          <PreviewField form={form} />
        </FileFields>
        <TermsFields form={form} />
        <fieldset>
          <legend>Audience</legend>
          <Field form={form} name="post" label={assetLabels.post} options={posts} />
        </fieldset>
        <p class="actions">
          <button type="submit">Register this work</button>
        </p>
      </form>
    </section>
  );
}

function WorkFields({ form }: { form: FormState }) {
  return (
    <fieldset>
      <legend>The work</legend>
      <Field
        form={form}
        name="name"
        label={assetLabels.name}
        hint="Unique on this server, and part of the page's address."
        required
      />
      <Field
        form={form}
        name="content_hash"
        label={assetLabels.content_hash}
        hint="SHA3-256 as 64 hexadecimal digits (openssl dgst -sha3-256 FILE), or an IPFS CID."
        autocomplete="off"
        required
      />
      <Field form={form} name="asset_type" label={assetLabels.asset_type} options={types} required />
      <DescriptionFields form={form} />
    </fieldset>
  );
}
