import fc from "fast-check";
import { expect, test } from "vitest";
import { toHashtag } from "./hashtag.ts";

test.each([
  ["art", "art"],
  ["Generative Art", "GenerativeArt"],
  ["sun-rise", "sunrise"],
  ["snake_case", "snake_case"],
  ["2026 art", "2026art"],
  ["日本語", "日本語"],
  ["caf\u00e9", "caf\u00e9"],
  ["हिन्दी", "हिन्दी"],
  ["#art", "art"],
  ['"><script>', "script"],
])("the tag %s becomes the hashtag %s", (tag, hashtag) => {
  expect(toHashtag(tag)).toBe(hashtag);
});

test.each(["", "123", "2026", "\u0661\u0662", "!!!", " ", "\u{1f600}"])(
  "the tag %j makes no hashtag",
  (tag) => {
    expect(toHashtag(tag)).toBeUndefined();
  },
);

test("a hashtag needs no escaping in HTML, whatever the tag", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (tag) => {
      expect(toHashtag(tag) ?? "").not.toMatch(/[\s<>&"'#]/);
    }),
  );
});
