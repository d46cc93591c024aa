import { describe, expect, test } from "vitest";
import { isSupportedBlurhash } from "./blurhash.ts";

describe("a BlurHash", () => {
  test("of 4 x 3 components is shown", () => {
    expect(isSupportedBlurhash("LEHV6nWB2yk8pyo0adR*.7kCMdnj")).toBe(true);
  });

  test("of 1 x 1 and of 5 x 5 components is shown", () => {
    expect(isSupportedBlurhash(`0${"0".repeat(5)}`)).toBe(true);
    // 4 + 4 * 9 = 40, the digit "e".
    expect(isSupportedBlurhash(`e${"0".repeat(53)}`)).toBe(true);
  });

  test("of six components in a direction, of another length, or with a foreign digit is not shown", () => {
    expect(isSupportedBlurhash(`5${"0".repeat(15)}`)).toBe(false);
    expect(isSupportedBlurhash(`j${"0".repeat(15)}`)).toBe(false);
    expect(isSupportedBlurhash("LEHV6nWB2yk8pyo0adR*.7kCMdn")).toBe(false);
    expect(isSupportedBlurhash("LEHV6nWB2yk8pyo0adR*.7kCMdn!")).toBe(false);
    expect(isSupportedBlurhash("")).toBe(false);
  });
});
