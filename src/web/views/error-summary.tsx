import { fieldId, fieldOf } from "./field.tsx";
import { capitalize } from "./format.ts";
import type { FormState } from "./props.ts";

interface ErrorSummaryProps {
  readonly form: FormState;
  /** Labels of the form's fields, by name. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Everything that is wrong with a form, with links to its fields. */
export function ErrorSummary({ form, labels }: ErrorSummaryProps) {
  if (form.errors.length === 0) return null;
  return (
    <div class="notice danger" role="alert" aria-labelledby="errors-title">
      <h2 id="errors-title">This needs your attention</h2>
      <ul>
        {form.errors.map((error) => (
          <li key={error.field}>
            <Problem name={fieldOf(error)} field={error.field} message={error.message} labels={labels} />
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ProblemProps extends Pick<ErrorSummaryProps, "labels"> {
  readonly name: string;
  readonly field: string;
  readonly message: string;
}

function Problem({ name, field, message, labels }: ProblemProps) {
  if (field === "") return <>{capitalize(message)}</>;
  const label = Object.hasOwn(labels, name) ? labels[name] : undefined;
  if (label == null) return <>{`${field}: ${message}`}</>;
  return <a href={`#${fieldId(name)}`}>{`${label}: ${message}`}</a>;
}
