import { assetTypes } from "../../core/media.ts";
import { local } from "../../core/paths.ts";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { capitalize } from "./format.ts";
import type { FormState } from "./props.ts";

const labels = {
  l1_server: "Renderer",
  run_id: "Run",
  output_name: "Name",
  asset_type: "Type",
  tags: "Tags",
  description: "Description",
  alt: "Alternative text",
  verify_bytes: "Check the file",
};

const types = [
  ["", "As the renderer serves it"] as const,
  ...assetTypes.map((type) => [type, capitalize(type)] as const),
];

const checks = [
  ["", "No, take the renderer's word"],
  ["true", "Yes, read the whole file and hash it"],
] as const;

interface RecordRunProps {
  readonly form: FormState;
  /** Origins of the renderers. */
  readonly l1Servers: readonly string[];
}

/** The form that makes a work of what came of a run. */
export function RecordRunPage({ form, l1Servers }: RecordRunProps) {
  return (
    <section class="narrow">
      <h1>Record a run</h1>
      <p>
        What came of a finished run becomes a work of yours. The claim says of which recipe and inputs it was
        made.
      </p>
      {l1Servers.length === 0 ? (
        <p class="notice">
          This server has no renderers. <a href="/new">Register a work</a> by its hash instead.
        </p>
      ) : (
        <RecordForm form={form} l1Servers={l1Servers} />
      )}
    </section>
  );
}

function RecordForm({ form, l1Servers }: RecordRunProps) {
  return (
    <>
      <ErrorSummary form={form} labels={labels} />
      <form class="stacked" method="post" action={local.recordRun}>
        <Field
          form={form}
          name="l1_server"
          label={labels.l1_server}
          options={l1Servers.map((server) => [server, server] as const)}
          required
        />
        <Field
          form={form}
          name="run_id"
          label={labels.run_id}
          hint="Its id, as the renderer shows it."
          autocomplete="off"
          required
        />
        <Field
          form={form}
          name="output_name"
          label={labels.output_name}
          hint="Of the work: unique on this server, and part of the page's address."
          autocomplete="off"
          required
        />
        <Field form={form} name="asset_type" label={labels.asset_type} options={types} />
        <Field form={form} name="description" label={labels.description} lines={5} />
        <Field form={form} name="tags" label={labels.tags} hint="Separated by commas: sea, long exposure" />
        <Field
          form={form}
          name="alt"
          label={labels.alt}
          hint="What it shows, for people who cannot see or hear it."
          lines={3}
        />
        <Field
          form={form}
          name="verify_bytes"
          label={labels.verify_bytes}
          hint="The claim says whether this server has seen that the file has its hash. Large files take minutes."
          options={checks}
        />
        <p class="actions">
          <button type="submit">Record this run</button>
        </p>
      </form>
    </>
  );
}
