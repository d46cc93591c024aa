import { describe, expect, test } from "vitest";
import { formatHandle, parseHandle } from "./handle.ts";

describe("a handle", () => {
  test.each([
    ["@alice@example.com", "alice", "example.com"],
    ["alice@example.com", "alice", "example.com"],
    ["acct:alice@example.com", "alice", "example.com"],
    ["  @alice@example.com\n", "alice", "example.com"],
    ["@Alice@EXAMPLE.com", "Alice", "example.com"],
    ["@alice@localhost:8200", "alice", "localhost:8200"],
    ["@alice@example.com:443", "alice", "example.com"],
    ["@alice@b\u00fccher.example", "alice", "xn--bcher-kva.example"],
    ["@alice@\uff45xample.com", "alice", "example.com"],
    ["@alice@[::1]:8200", "alice", "[::1]:8200"],
    ["@instance.actor@example.com", "instance.actor", "example.com"],
  ])("written %j is %s of %s", (text, username, host) => {
    expect(parseHandle(text)).toEqual({ username, host });
  });

  test.each([
    "",
    "@",
    "@@",
    "@alice",
    "alice",
    "@@example.com",
    "@alice@",
    "acct:@@@",
    "@alice@example.com@evil.test",
    "@alice@example.com/path",
    "@alice@example.com\\path",
    "@alice@example.com?x",
    "@alice@example.com#x",
    "@alice@example.com:port",
    "@al ice@example.com",
    "@alice@exa mple.com",
    "@a/b@example.com",
    "@alice@256.256.256.256",
    "https://example.com/users/alice",
    `@${"a".repeat(201)}@example.com`,
    `@alice@${"a".repeat(256)}`,
  ])("is not %j", (text) => {
    expect(parseHandle(text)).toBeUndefined();
  });

  test("is written with two signs", () => {
    expect(formatHandle({ username: "alice", host: "example.com:8200" })).toBe("@alice@example.com:8200");
  });
});
