import { HTTPException } from "hono/http-exception";
import { getLogger } from "@logtape/logtape";
import { GateFull } from "../core/gate.ts";
import { describeProblem, type ProblemDetails, problemResponse } from "../core/problem.ts";
import type { Context } from "./context.ts";
import { prefersHtml } from "./negotiate.ts";
import { Problem } from "./problem.ts";
import { ErrorPage } from "./views/error.tsx";
import { Layout } from "./views/layout.tsx";
import type { PageFrame } from "./views/props.ts";

const logger = getLogger(["artdag", "web"]);

/** Whether this client is to be shown pages. */
export function wantsPage(c: Context): boolean {
  return prefersHtml(c.req.header("accept"));
}

/** What the frame of a page needs to know of the request. */
export function frame(
  c: Context,
  title: string,
  alternate?: PageFrame["alternate"],
  card?: PageFrame["card"],
): PageFrame {
  return {
    title,
    path: c.req.path,
    username: c.get("session")?.user.username ?? null,
    admin: c.get("session")?.user.admin === true,
    registrationOpen: c.get("web").registration === "open",
    alternate,
    card,
  };
}

/** A problem as this client can read it: a page or `application/problem+json`. */
export function answerProblem(
  c: Context,
  problem: ProblemDetails,
  headers: Record<string, string> = {},
): Response | Promise<Response> {
  if (!wantsPage(c)) return problemResponse(problem, headers);
  const { status, title, detail } = problem;
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  c.status(status as 400);
  return c.html(
    <Layout {...frame(c, title)}>
      <ErrorPage status={status} title={title} detail={detail} />
    </Layout>,
  );
}

/** Turns whatever a route has thrown into an answer. What nobody expected is logged and told in general words. */
export function answerError(error: Error, c: Context): Response | Promise<Response> {
  if (error instanceof Problem) return answerProblem(c, error.details, error.headers);
  if (error instanceof HTTPException) return answerProblem(c, describeProblem(error.status, error.message));
  if (error instanceof GateFull || isOverload(error)) {
    logger.warn("{method} {path} found the server busy: {error}", {
      method: c.req.method,
      path: c.req.path,
      error,
    });
    return answerProblem(c, describeProblem(503, "The server is busy. Try again in a moment."), {
      "Retry-After": "5",
    });
  }
  logger.error("{method} {path} failed: {error}", { method: c.req.method, path: c.req.path, error });
  return answerProblem(c, describeProblem(500, "Something went wrong here. It has been logged."));
}

/**
 * Whether PostgreSQL could not be reached or ran out of time: an error class (SQLSTATE) or the pool's own message; or
 * whether the disk is full.
 */
function isOverload(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return (
    /^(08|53|57)|^(ECONN|ENOSPC|EDQUOT)/.test(code) ||
    /timeout exceeded when trying to connect/.test(error.message)
  );
}
