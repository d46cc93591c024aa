import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findUsernameProblem, foldUsername, isUsername } from "./username.ts";

test.each(["a", "alice", "alice_2", "_", "0", "a".repeat(30)])("%s may be a username", (name) => {
  expect(findUsernameProblem(name)).toBeUndefined();
});

test.each([
  ["empty", ""],
  ["31 characters", "a".repeat(31)],
  ["upper case", "Alice"],
  ["a hyphen", "al-ice"],
  ["a dot", "instance.actor"],
  ["a path", "../x"],
  ["a slash", "a/b"],
  ["a line break after it", "alice\n"],
  ["a Cyrillic look-alike", "\u0430lice"],
  ["a full-width letter", "\uff41lice"],
  ["a space", "al ice"],
  ["a NUL", "a\0"],
])("%s makes no username", (_what, name) => {
  expect(isUsername(name)).toBe(false);
  expect(findUsernameProblem(name)).toBe("must be 1 to 30 letters a-z, digits or _");
});

test.each(["admin", "administrator", "actor", "inbox", "api", "root", "l1", "www", "about", "nodeinfo"])(
  "%s is reserved",
  (name) => {
    expect(findUsernameProblem(name)).toBe("is reserved");
  },
);

test("the empty word is not among the reserved ones, so it is told what it lacks", () => {
  expect(findUsernameProblem("")).not.toBe("is reserved");
});

describe("folding", () => {
  test("makes upper case lower case", () => {
    expect(foldUsername("ALICE_2")).toBe("alice_2");
  });

  test("turns no letter outside a-z into a username, but for the Kelvin sign, which is k", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 30 }), (text) => {
        fc.pre(!/^[A-Za-z0-9_\u212a]*$/.test(text));
        expect(isUsername(foldUsername(text))).toBe(false);
      }),
    );
    expect(foldUsername("\u212a")).toBe("k");
  });
});
