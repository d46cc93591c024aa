import { createMiddleware } from "hono/factory";
import { findUser } from "../db/users.ts";
import type { WebEnv } from "./context.ts";
import { Problem } from "./problem.ts";

/** Says of an account that it is gone: for good where its user has deleted it, or as long as it is suspended. */
export const refuseSuspended = createMiddleware<WebEnv>(async (c, next) => {
  const reads = c.req.method === "GET" || c.req.method === "HEAD";
  const user = reads ? await findUser(c.get("web").db, c.req.param("username") ?? "") : undefined;
  if (user?.deleted != null) throw new Problem(410, "This account was deleted.");
  if (user?.suspended != null) throw new Problem(410, "This account is suspended.");
  await next();
});
