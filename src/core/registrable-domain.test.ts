import { expect, test } from "vitest";
import { registrableDomain, shareDomain } from "./registrable-domain.ts";

test.each([
  ["social.example.co.uk", "example.co.uk"],
  ["example.com", "example.com"],
  ["a.b.evil.test", "evil.test"],
  ["me.github.io", "me.github.io"],
  ["localhost", "localhost"],
  ["127.0.0.1", "127.0.0.1"],
  ["[2001:db8::1]", "[2001:db8::1]"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
])("of %s is %s", (hostname, domain) => {
  expect(registrableDomain(hostname)).toBe(domain);
});

test.each([
  ["https://a.example.com/x", "https://b.example.com/y", true],
  ["http://127.0.0.1:1/x", "http://127.0.0.1:2/y", true],
  ["http://127.0.0.1/x", "http://127.0.0.2/y", false],
  ["https://example.com/", "https://example.com.evil.test/", false],
  ["https://a.github.io/", "https://b.github.io/", false],
])("%s and %s share one: %s", (one, other, shared) => {
  expect(shareDomain(new URL(one), new URL(other))).toBe(shared);
});
