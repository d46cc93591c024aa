import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toOwnPath } from "./own-path.ts";

describe("toOwnPath", () => {
  test.each(["/", "/new", "/home?cursor=1&limit=20", "/asset/a%20b", "/assets?q=a+b"])("keeps %s", (path) => {
    expect(toOwnPath(path)).toBe(path);
  });

  test("never leads away from this server", () => {
    const origin = "https://artdag.example";
    const piece = fc.constantFrom(
      "/",
      "\\",
      "//",
      ".",
      "..",
      "@",
      ":",
      "\t",
      "\n",
      "evil.test",
      "https:",
      "%2f",
      "?",
      "#",
    );
    const next = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(next, (text) => {
        expect(new URL(toOwnPath(text), origin).origin).toBe(origin);
        expect(toOwnPath(text)).toMatch(/^\/(?!\/)/);
      }),
      { numRuns: 1000 },
    );
  });

  test("leads to the start page where nothing was asked for", () => {
    expect(toOwnPath(undefined)).toBe("/");
  });
});
