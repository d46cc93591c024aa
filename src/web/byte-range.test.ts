import fc from "fast-check";
import { expect, test } from "vitest";
import { type ByteRange, readRange } from "./byte-range.ts";

test.each<[string | undefined, ByteRange]>([
  [undefined, { type: "whole" }],
  ["bytes=0-99", { type: "part", start: 0, end: 99 }],
  ["bytes=0-", { type: "part", start: 0, end: 99 }],
  ["bytes=10-19", { type: "part", start: 10, end: 19 }],
  ["BYTES= 99-200 ", { type: "part", start: 99, end: 99 }],
  ["bytes=-1", { type: "part", start: 99, end: 99 }],
  ["bytes=-500", { type: "part", start: 0, end: 99 }],
  ["bytes=-0", { type: "unsatisfiable" }],
  ["bytes=100-", { type: "unsatisfiable" }],
  [`bytes=${"9".repeat(40)}-`, { type: "unsatisfiable" }],
  ["bytes=20-10", { type: "whole" }],
  ["bytes=0-1,5-6", { type: "whole" }],
  ["bytes=-", { type: "whole" }],
  ["bytes=a-b", { type: "whole" }],
  ["lines=0-1", { type: "whole" }],
])("%s of 100 bytes is understood", (header, range) => {
  expect(readRange(header, 100)).toEqual(range);
});

test("a part lies inside the whole, whatever is asked for", () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([start, end]) => `bytes=${start}-${end}`),
    fc.nat().map((length) => `bytes=-${length}`),
  );
  fc.assert(
    fc.property(header, fc.integer({ min: 1, max: 2 ** 20 }), (text, size) => {
      const range = readRange(text, size);
      if (range.type !== "part") return;
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(size);
    }),
  );
});
