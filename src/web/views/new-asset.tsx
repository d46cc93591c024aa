import { assetTypes } from "../../core/media.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { capitalize } from "./format.ts";
import { PreviewField } from "./preview.tsx";
import type { FormState } from "./props.ts";

const labels = {
  name: "Name",
  content_hash: "Content hash",
  asset_type: "Type",
  tags: "Tags",
  description: "Description",
  url: "Address of the file",
  media_type: "Media type",
  alt: "Alternative text",
  preview: "Preview",
  license: "Licence",
  language: "Language",
  content_warning: "Content warning",
  post: "Post to followers",
};

const types = assetTypes.map((type) => [type, capitalize(type)] as const);
const posts = [
  ["", "Images, video and audio only"],
  ["public", "Yes, publicly"],
  ["unlisted", "Yes, but keep it off public lists"],
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
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action="/new" enctype="multipart/form-data">
        <WorkFields form={form} />
        <FileFields form={form} />
        <TermsFields form={form} />
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
        label={labels.name}
        hint="Unique on this server, and part of the page's address."
        required
      />
      <Field
        form={form}
        name="content_hash"
        label={labels.content_hash}
        hint="SHA3-256 as 64 hexadecimal digits (openssl dgst -sha3-256 FILE), or an IPFS CID."
        autocomplete="off"
        required
      />
      <Field form={form} name="asset_type" label={labels.asset_type} options={types} required />
      <Field form={form} name="description" label={labels.description} lines={5} />
      <Field form={form} name="tags" label={labels.tags} hint="Separated by commas: sea, long exposure" />
    </fieldset>
  );
}

function FileFields({ form }: { form: FormState }) {
  return (
    <fieldset>
      <legend>The file</legend>
      <Field
        form={form}
        name="url"
        label={labels.url}
        hint="Where everybody can see or hear it: https://..."
        type="url"
      />
      <Field form={form} name="media_type" label={labels.media_type} hint="Such as image/png" />
      <Field
        form={form}
        name="alt"
        label={labels.alt}
        hint="What it shows, for people who cannot see or hear it."
        lines={3}
      />
      <PreviewField form={form} />
    </fieldset>
  );
}

function TermsFields({ form }: { form: FormState }) {
  return (
    <fieldset>
      <legend>Terms and audience</legend>
      <Field form={form} name="license" label={labels.license} hint="Its name, or the address of its text." />
      <Field form={form} name="language" label={labels.language} hint="Such as en or pt-BR" />
      <Field
        form={form}
        name="content_warning"
        label={labels.content_warning}
        hint="The work stays hidden behind these words until somebody asks for it."
      />
      <Field form={form} name="post" label={labels.post} options={posts} />
    </fieldset>
  );
}
