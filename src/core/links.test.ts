import fc from "fast-check";
import { expect, test } from "vitest";
import { splitLinks } from "./links.ts";

test("addresses become links, and the sentence around them stays text", () => {
  expect(splitLinks("See https://alice.example/me, or http://b.example.")).toEqual([
    { text: "See " },
    { text: "https://alice.example/me", href: "https://alice.example/me" },
    { text: ", or " },
    { text: "http://b.example", href: "http://b.example/" },
    { text: "." },
  ]);
});

test.each([
  "javascript:alert(1)",
  "ftp://alice.example",
  "https://",
  "https://bank.example@evil.example/",
  "alice.example",
  "",
])("%j has no link in it", (text) => {
  expect(splitLinks(text).filter(({ href }) => href != null)).toEqual([]);
});

test("nothing of a text is lost, and every link is http or https", () => {
  const word = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom("https://", "http://a@b/", '"', "<", " "));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      const pieces = splitLinks(words.join(" "));
      expect(pieces.map(({ text }) => text).join("")).toBe(words.join(" "));
      const links = pieces.flatMap(({ href }) => href ?? []);
      expect(links.filter((href) => !/^https?:\/\//.test(href))).toEqual([]);
    }),
  );
});
