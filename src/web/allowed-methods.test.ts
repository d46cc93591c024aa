import { Hono } from "hono";
import { expect, test } from "vitest";
import { findAllowedMethods } from "./allowed-methods.ts";
import type { WebEnv } from "./context.ts";

const app = new Hono<WebEnv>()
  .use(async (_c, next) => next())
  .get("/things/:id", (c) => c.text(""))
  .delete("/things/:id", (c) => c.text(""))
  .post("/things", (c) => c.text(""));

test.each<[string, string[]]>([
  ["/things", ["POST"]],
  ["/things/1", ["DELETE", "GET", "HEAD"]],
  ["/things/", []],
  ["/things/1/2", []],
  ["/other", []],
])("%s takes %j", (path, methods) => {
  expect(findAllowedMethods(app, path)).toEqual(methods);
});
