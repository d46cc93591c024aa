import { describe, expect, test } from "vitest";
import { element, escapeXml, textElement, xmlDocument } from "./xml.ts";

describe("XML", () => {
  test("keeps text text, whatever signs are in it", () => {
    expect(escapeXml(`<a href="x">'&amp;`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;");
  });

  test("leaves out what it can't hold, and nothing else", () => {
    expect(escapeXml("a\u0000b\u0008\u000B\u001F\uFFFE\uFFFFc\t\n\r\u{1F30A}é")).toBe("abc\t\n\r\u{1F30A}é");
    expect(escapeXml("\uD800!")).toBe("\uFFFD!");
  });

  test("is built of elements without the attributes that are absent", () => {
    const link = element("link", { rel: "self", type: undefined, href: 'a"b' });
    expect(link).toBe('<link rel="self" href="a&quot;b"/>');
    expect(element("feed", {}, link, textElement("title", "<"))).toBe(
      `<feed>${link}<title>&lt;</title></feed>`,
    );
    expect(xmlDocument("<x/>")).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<x/>\n');
  });
});
