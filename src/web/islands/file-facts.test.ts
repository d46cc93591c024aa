import { describe, expect, test } from "vitest";
import { formatSize, toFieldValues, toName } from "./file-facts.ts";

describe("the fields that a file fills", () => {
  test("have a name without the ending", () => {
    expect(["Low tide.final.PNG", "blur", "a.b"].map((name) => toName({ name }))).toEqual([
      "Low tide.final",
      "blur",
      "a",
    ]);
  });

  test("of an image are its type and its measures", () => {
    expect(toFieldValues({ type: "image/png" }, { width: 40, height: 30 })).toEqual({
      asset_type: "image",
      media_type: "image/png",
      width: "40",
      height: "30",
    });
  });

  test("of what no browser knows say nothing that is not known", () => {
    expect(toFieldValues({ type: "" }, {})).toEqual({ asset_type: "other" });
  });

  test("state a duration to the millisecond", () => {
    expect(toFieldValues({ type: "video/mp4" }, { duration: 1 / 3 })["duration"]).toBe("0.333");
  });
});

test.each([
  [0, "0 bytes"],
  [1023, "1023 bytes"],
  [1024, "1.0 KiB"],
  [1_500_000, "1.4 MiB"],
  [2 ** 31, "2.0 GiB"],
  [200 * 2 ** 30, "200 GiB"],
])("%d bytes are written as %s", (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
