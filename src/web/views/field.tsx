import type { FieldError } from "../../core/problem.ts";
import { capitalize } from "./format.ts";
import type { FormState } from "./props.ts";

export interface FieldProps {
  readonly form: FormState;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly type?: "text" | "password" | "email" | "url" | "number" | "file";
  /** Media types of the files that can be chosen. */
  readonly accept?: string;
  readonly autocomplete?: string;
  /** Height of a field for longer text. */
  readonly lines?: number;
  /** Values and labels of what can be chosen. */
  readonly options?: readonly (readonly [value: string, label: string])[];
}

export function fieldId(name: string): string {
  return `field-${name}`;
}

/** The field that an error belongs to: `tags.3` is one of `tags`. */
export function fieldOf(error: FieldError): string {
  return error.field.split(/[.[/]/, 1)[0] ?? "";
}

/** A label with its control, its hint and what is wrong with it. */
export function Field(props: FieldProps) {
  const id = fieldId(props.name);
  const errors = props.form.errors.filter((error) => fieldOf(error) === props.name);
  return (
    <div class="field">
      <label for={id}>
        {props.label}
        {props.required !== true && <span class="optional"> optional</span>}
      </label>
      {props.hint != null && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {errors.length > 0 && (
        <p class="error" id={`${id}-error`}>
          {errors.map((error) => capitalize(error.message)).join("; ")}
        </p>
      )}
      <Control {...props} invalid={errors.length > 0} />
    </div>
  );
}

/** A box to tick, with its label and its hint. */
export function Checkbox({ form, name, label, hint }: Pick<FieldProps, "form" | "name" | "label" | "hint">) {
  const id = fieldId(name);
  return (
    <div class="checkbox">
      <input
        type="checkbox"
        id={id}
        name={name}
        value="on"
        checked={form.values[name] != null}
        aria-describedby={hint == null ? undefined : `${id}-hint`}
      />
      <label for={id}>{label}</label>
      {hint != null && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Control({ form, name, invalid, ...props }: FieldProps & { readonly invalid: boolean }) {
  const id = fieldId(name);
  const notes = [props.hint != null && `${id}-hint`, invalid && `${id}-error`].filter(
    (note) => note !== false,
  );
  const attributes = {
    id,
    name,
    required: props.required === true,
    "aria-invalid": invalid ? ("true" as const) : undefined,
    "aria-describedby": notes.length > 0 ? notes.join(" ") : undefined,
  };
  const value = form.values[name] ?? "";
  if (props.options != null) {
    return (
      <select {...attributes}>
        {props.options.map(([option, label]) => (
          <option key={option} value={option} selected={option === value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (props.lines != null) {
    return (
      <textarea {...attributes} rows={props.lines}>
        {value}
      </textarea>
    );
  }
  const type = props.type ?? "text";
  // A password is never sent back to the page, and a file can't be.
  const typed = type === "password" || type === "file" ? undefined : value;
  return (
    <input
      {...attributes}
      type={type}
      // Any number will do; what is too much the server says.
      step={type === "number" ? "any" : undefined}
      value={typed}
      autocomplete={props.autocomplete}
      accept={props.accept}
    />
  );
}
