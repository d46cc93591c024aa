import { expect, test } from "vitest";
import { escapeHtml } from "./html.ts";
import { countCharacters, isStorableText, truncate } from "./text.ts";
import { formatDuration, formatInstant } from "./time.ts";

test.each(["", "text", "\u{1f600}", "\n\t\u0001", "\ufffd"])("%j can be stored", (text) => {
  expect(isStorableText(text)).toBe(true);
});

test.each(["\0", "a\0b", "\ud83d", "\ude00", "\ude00\ud83d"])("%j can't be stored", (text) => {
  expect(isStorableText(text)).toBe(false);
});

test("a character outside the basic plane counts once", () => {
  expect(countCharacters("a\u{1f600}é")).toBe(3);
});

test("a text is cut between characters, and only where it is too long", () => {
  expect(truncate("\u{1f600}\u{1f600}\u{1f600}", 3)).toBe("\u{1f600}\u{1f600}\u{1f600}");
  expect(truncate("\u{1f600}\u{1f600}\u{1f600}\u{1f600}", 3)).toBe("\u{1f600}\u{1f600}…");
});

test("text in HTML stands for itself", () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
    "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;",
  );
});

test("a time is written to the second, which it has not passed", () => {
  expect(formatInstant(new Date("2026-11-22T12:00:00.999Z"))).toBe("2026-11-22T12:00:00Z");
});

test("a duration is written to the millisecond", () => {
  expect([12.5, 0.1 + 0.2, 3600, 1e-7].map(formatDuration)).toEqual(["PT12.5S", "PT0.3S", "PT3600S", "PT0S"]);
});
