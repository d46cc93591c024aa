import type { z } from "zod";
import type { FieldError } from "../core/problem.ts";
import { Problem } from "./problem.ts";

/** Checks what was sent against a schema; a problem that names every field at fault where it does not pass. */
export function checkInput<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (result.success) return result.data;
  // A field that breaks several rules is named once, with the last of them, which is the most particular.
  const faults = new Map(result.error.issues.map(({ path, message }) => [path.join("."), message]));
  throw invalidInput([...faults].map(([field, message]) => ({ field, message })));
}

/** The problem of input whose fields are at fault. */
export function invalidInput(errors: FieldError[]): Problem {
  const fields = errors.map(({ field, message }) => `${field} ${message}`);
  return new Problem(422, `The input can't be taken: ${fields.join("; ")}.`, { errors });
}

const types: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a JSON object",
};

/** What the schema library says of a value, as the rest of a sentence that begins with the field's name. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${types[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `must be one of ${issue.values.join(", ")}`;
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be at most ${issue.maximum.toLocaleString("en")}`
        : `must have at most ${issue.maximum.toLocaleString("en")} ${unitOf(issue.origin)}`;
    case "too_small":
      if (issue.origin === "string") return "must not be blank";
      return `must be ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum.toLocaleString("en")}`;
    default:
      return undefined;
  }
}

function unitOf(origin: string): string {
  return origin === "string" ? "characters" : "items";
}
