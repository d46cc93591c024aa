import { expect, test } from "vitest";
import { toAssetInput, toAssetPatch } from "./asset-form.ts";

test("blank fields of a new asset are left out, tags are split, measures are numbers", () => {
  const values = {
    name: "Low tide",
    tags: "sea, long exposure,",
    width: "40",
    duration: "1.5",
    license: " ",
  };
  expect(toAssetInput(values)).toEqual({
    name: "Low tide",
    tags: ["sea", " long exposure"],
    width: 40,
    duration: 1.5,
  });
});

test("blank fields of a change are cleared, and what the form does not have stays", () => {
  expect(
    toAssetPatch({ description: "", tags: "", width: "", alt: "A beach", name: "x", metadata: "{}" }),
  ).toEqual({
    description: null,
    tags: [],
    width: null,
    alt: "A beach",
    sensitive: false,
  });
});

test("a measure that is no number stays wrong, so that it is named", () => {
  expect(toAssetInput({ width: "wide" })["width"]).toBeNaN();
});

test.each([
  [{ sensitive: "on", content_warning: "" }, true],
  [{ sensitive: "on", content_warning: "Blood" }, true],
  [{ content_warning: "Blood" }, null],
  [{ content_warning: "" }, false],
])("a change with %j makes the work sensitive: %s", (values, sensitive) => {
  expect(toAssetPatch(values)["sensitive"]).toBe(sensitive);
});
