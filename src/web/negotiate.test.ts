import { describe, expect, test } from "vitest";
import { prefersHtml } from "./negotiate.ts";

describe("prefersHtml", () => {
  test.each([
    "text/html",
    "TEXT/HTML",
    "text/html; charset=utf-8",
    "application/xhtml+xml",
    "text/*",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html, */*; q=0.01",
    "text/html;q=0.9, application/json;q=0.8",
    "text/html, application/json",
    "application/json, text/html",
    "application/json;q=0, text/html;q=0.1",
    "image/png, text/html;q=0.1",
  ])("gives a page for %s", (accept) => {
    expect(prefersHtml(accept)).toBe(true);
  });

  test.each([
    undefined,
    "",
    "*/*",
    "application/json",
    "application/activity+json",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    'application/activity+json, application/ld+json; profile="x", text/html;q=0.1',
    "text/html;q=0.5, */*",
    "text/html;q=0.5, application/*",
    "text/html;q=0.8, application/json;q=0.9",
    "text/html;q=0",
    "text/html;q=0, text/*",
    "text/plain",
    "application/xml",
    "image/*",
    ", ;q=1",
    "text/html2",
    "nonsense",
  ])("gives JSON for %s", (accept) => {
    expect(prefersHtml(accept)).toBe(false);
  });
});
