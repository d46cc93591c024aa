import type { Hono } from "hono";
import type { WebEnv } from "./context.ts";

/** The methods that some route takes at a path. */
export function findAllowedMethods(app: Hono<WebEnv>, path: string): string[] {
  const methods = app.routes
    .filter((route) => route.method !== "ALL" && matches(route.path, path))
    .map(({ method }) => method);
  const allowed = new Set(methods);
  if (allowed.has("GET")) allowed.add("HEAD");
  return [...allowed].toSorted();
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part === given[index] || (part.startsWith(":") && given[index] !== ""))
  );
}
