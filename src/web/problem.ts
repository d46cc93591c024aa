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
