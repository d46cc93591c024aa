import { describe, expect, test } from "vitest";
import { domainOf, listParentDomains, normalizeDomain, normalizeIri } from "./domain.ts";

describe("normalizeDomain", () => {
  test.each([
    ["evil.test", "evil.test"],
    ["EVIL.Test", "evil.test"],
    ["evil.test.", "evil.test"],
    ["user@evil.test:8443", "evil.test"],
    ["*.evil.test", "evil.test"],
    ["ｅｖｉｌ。test", "evil.test"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["[::1]:8200", "[::1]"],
    ["0x7f.1", "127.0.0.1"],
  ])("reads %j as %j", (text, domain) => {
    expect(normalizeDomain(text)).toBe(domain);
  });

  test.each([
    "",
    ".",
    "https://evil.test",
    "evil.test/path",
    "a b",
    "e*il.test",
    "a?b",
    `${"a".repeat(300)}.test`,
  ])("takes %j for no domain", (text) => {
    expect(normalizeDomain(text)).toBeUndefined();
  });
});

describe("domains and IRIs", () => {
  test("of URLs are compared in one spelling", () => {
    expect(domainOf("https://x@EVIL.test.:444/users/a")).toBe("evil.test");
    expect(domainOf("ftp://evil.test/")).toBeUndefined();
    expect(normalizeIri("https://x:y@EVIL.test./users/A?b")).toBe("https://evil.test/users/A?b");
    expect(normalizeIri("@a@evil.test")).toBeUndefined();
  });

  test("include those above", () => {
    expect(listParentDomains("a.b.c")).toEqual(["a.b.c", "b.c", "c"]);
    expect(listParentDomains("[::1]")).toEqual(["[::1]"]);
  });
});
