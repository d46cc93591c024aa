import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findAssetNameProblem, normalizeAssetName } from "./asset-name.ts";

test("a name in composed and in decomposed characters is one name", () => {
  expect("Caf\u00e9").not.toBe("Cafe\u0301");
  expect(normalizeAssetName("Cafe\u0301")).toBe("Caf\u00e9");
  expect(normalizeAssetName("Caf\u00e9")).toBe("Caf\u00e9");
});

test("the stored form of any name is its own stored form", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const stored = normalizeAssetName(name);
      expect(normalizeAssetName(stored)).toBe(stored);
      expect(findAssetNameProblem(stored)).toBe(findAssetNameProblem(name));
    }),
  );
});

describe("a name may be", () => {
  test.each([
    ["one character", "a"],
    ["255 characters", "a".repeat(255)],
    ["255 characters of two code units each", "\u{1f600}".repeat(255)],
    ["255 characters once composed", "e\u0301".repeat(255)],
    ["three dots", "..."],
    ["dots around text", ".hidden."],
    ["right to left", "\u05e9\u05dc\u05d5\u05dd"],
    ["an emoji of several characters", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}"],
    ["markup and SQL", "<b>'; drop table assets;--<br>"],
    ["an escape", "a%2fb"],
  ])("%s", (_what, name) => {
    expect(findAssetNameProblem(name)).toBeUndefined();
  });
});

describe("a name may not be", () => {
  test.each([
    ["empty", "", "must not be blank"],
    ["spaces", " \u3000 ", "must not be blank"],
    ["256 characters", "a".repeat(256), "must have at most 255 characters"],
    ["256 characters that stay apart", "\u{1f600}".repeat(256), "must have at most 255 characters"],
    ["a dot", ".", 'must not be "." or ".."'],
    ["two dots", "..", 'must not be "." or ".."'],
    ["a path", "a/b", "must not contain / or \\"],
    ["a path as on Windows", "a\\b", "must not contain / or \\"],
    ["broken by a NUL", "a\0b", "must be well-formed Unicode without NUL"],
    ["broken by a high surrogate alone", "a\ud83d", "must be well-formed Unicode without NUL"],
    ["broken by a low surrogate alone", "\ude00a", "must be well-formed Unicode without NUL"],
  ])("%s", (_what, name, problem) => {
    expect(findAssetNameProblem(name)).toBe(problem);
  });

  test.each(
    [0x01, 0x09, 0x0a, 0x0d, 0x1f, 0x7f, 0x80, 0x9f, 0x2028, 0x2029].concat(
      [0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
      [0x2066, 0x2067, 0x2068, 0x2069],
    ),
  )("text with the character %i in it, which controls how text is shown", (code) => {
    expect(findAssetNameProblem(`a${String.fromCodePoint(code)}b`)).toBe(
      "must not contain control or bidirectional-override characters",
    );
  });
});
