import type { z } from "zod";
import { describeProblem, type FieldError, type ProblemDetails } from "../core/problem.ts";

/** Ends a request with a problem that the visitor is told. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly details: ProblemDetails;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    options: { errors?: FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.details = describeProblem(status, detail, options.errors);
    this.headers = options.headers ?? {};
  }
}

/** Every field that a schema found at fault, with what is wrong with it. */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
}

/** The problem of input whose fields are at fault. */
export function invalidInput(errors: FieldError[]): Problem {
  const fields = errors.map(({ field, message }) => (field === "" ? message : `${field} ${message}`));
  return new Problem(422, `The input can't be taken: ${fields.join("; ")}.`, { errors });
}
