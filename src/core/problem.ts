/** A field that is at fault, and what is wrong with it. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What went wrong, in words that are safe to show (RFC 9457). */
export interface ProblemDetails {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  408: "Request timeout",
  409: "Conflict",
  410: "Gone",
  413: "Content too large",
  415: "Unsupported media type",
  416: "Range not satisfiable",
  421: "Misdirected request",
  422: "Invalid input",
  429: "Too many requests",
  500: "Internal server error",
  502: "Bad gateway",
  503: "Service unavailable",
  504: "Gateway timeout",
};

/** The problem of a status, with its usual title. */
export function describeProblem(
  status: number,
  detail: string,
  errors?: readonly FieldError[],
): ProblemDetails {
  return { status, title: titles[status] ?? "Error", detail, ...(errors == null ? {} : { errors }) };
}

/** The problem as `application/problem+json`. */
export function problemResponse(problem: ProblemDetails, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ type: "about:blank", ...problem }), {
    status: problem.status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}
