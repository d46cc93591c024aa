import { describe, expect, test } from "vitest";
import { readSummary, toSummaryText } from "./claim-summary.ts";

describe("what lists tell of a claim", () => {
  test("is what its object states", () => {
    const url = [
      { type: "Link", href: "https://a.example/file.png", mediaType: "image/png" },
      { type: "Link", href: "https://a.example/asset/sea", mediaType: "text/html" },
    ];
    const object = { id: "https://a.example/objects/1", name: "sea", assetType: "image", url };
    expect(readSummary(toSummaryText(object))).toEqual({
      name: "sea",
      assetType: "image",
      page: "https://a.example/asset/sea",
      object: "https://a.example/objects/1",
    });
  });

  test.each([
    ["malformed", { id: 7, name: " ", assetType: "soul", url: { href: "https://a.example/" } }],
    [
      "too long",
      { id: `https://a.example/${"a".repeat(1100)}`, url: `https://a.example/${"é".repeat(600)}` },
    ],
  ])("is nothing where that is %s", (_, object) => {
    const nothing = { name: null, assetType: null, page: null, object: null };
    expect(readSummary(toSummaryText(object))).toEqual(nothing);
    expect(readSummary(null)).toEqual(nothing);
  });

  test("takes no more than 4 KiB, whatever its object states", () => {
    const address = "\u{1}".repeat(170);
    const text = toSummaryText({
      id: address,
      name: "\0".repeat(9999),
      assetType: "collection",
      url: address,
    });
    expect(readSummary(text)).toMatchObject({ name: "\0".repeat(255), object: address, page: address });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
  });
});
