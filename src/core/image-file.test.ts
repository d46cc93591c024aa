import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jpeg, makePng, makeWebp } from "../../test/helpers/images.ts";
import { type ImageFile, readImageFile } from "./image-file.ts";

const samples: [string, string, Buffer][] = [
  ["a JPEG", "image/jpeg", jpeg],
  ["a PNG", "image/png", makePng()],
  ["a lossy WebP", "image/webp", makeWebp("lossy")],
  ["a lossless WebP", "image/webp", makeWebp("lossless")],
  ["a WebP with a canvas", "image/webp", makeWebp("extended")],
  ["an animated WebP", "image/webp", makeWebp("animated")],
];

/** A copy in which some bytes are others. */
function patch(bytes: Buffer, at: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, at);
  return copy;
}

describe("the type and size of an image", () => {
  test.each(samples)("are read from the bytes of %s", (_name, mediaType, bytes) => {
    const image = { type: "image", mediaType, size: { width: 16, height: 12 } };
    expect(readImageFile(bytes)).toEqual(image);
    // What follows the end is no part of the image.
    expect(readImageFile(Buffer.concat([bytes, Buffer.from("<script>")]))).toEqual(image);
    // Bytes that are a part of something larger.
    const inside = Buffer.concat([Buffer.from("before"), bytes]).subarray(6);
    expect(readImageFile(inside)).toEqual(image);
  });

  test.each(samples)("are not there in %s that is cut off anywhere", (_name, mediaType, bytes) => {
    for (let length = 0; length < bytes.byteLength - 1; length++) {
      const { type } = readImageFile(bytes.subarray(0, length));
      expect(type, `${length} of ${bytes.byteLength} bytes`).toBe(length < 12 ? type : "damaged");
      expect(type).not.toBe("image");
    }
    expect(readImageFile(bytes.subarray(0, 40))).toEqual({ type: "damaged", mediaType });
  });

  test("are read to the largest that fits", () => {
    const png = patch(makePng(), 16, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0x10, 1);
    expect(readImageFile(png)).toMatchObject({ size: { width: 0x7fffffff, height: 4097 } });
    const frame = jpeg.indexOf(Buffer.from("ffc0", "hex"));
    expect(readImageFile(patch(jpeg, frame + 5, 0xff, 0xfe, 0xff, 0xff))).toMatchObject({
      size: { width: 0xffff, height: 0xfffe },
    });
  });

  test.each<[string, Buffer]>([
    ["a PNG without width", patch(makePng(), 16, 0, 0, 0, 0)],
    ["a PNG that begins with another chunk", patch(makePng(), 12, 0x74)],
    ["a PNG without a picture", patch(makePng(), makePng().indexOf("IDAT"), 0x74)],
    ["a JPEG without height", patch(jpeg, jpeg.indexOf(Buffer.from("ffc0", "hex")) + 5, 0, 0)],
    [
      "a JPEG of a kind that browsers don't show",
      patch(jpeg, jpeg.indexOf(Buffer.from("ffc0", "hex")) + 1, 0xc3),
    ],
    ["a JPEG with bytes between its segments", patch(jpeg, jpeg.indexOf(Buffer.from("ffdb", "hex")), 0)],
    ["a JPEG without a scan", Buffer.concat([jpeg.subarray(0, 20), Buffer.from("ffd9", "hex")])],
    ["a WebP whose canvas is smaller than its picture", makeWebp("extended", { width: 8, height: 8 })],
    ["a WebP whose canvas is larger than its picture", makeWebp("extended", { width: 17, height: 12 })],
    ["a WebP whose frame leaves the canvas", makeWebp("animated", { width: 15, height: 12 })],
    ["a WebP without a start code", patch(makeWebp("lossy"), 24, 0)],
    ["a WebP of another version", patch(makeWebp("lossless"), 24, 0xff)],
  ])("are not there in %s", (_name, bytes) => {
    expect(readImageFile(bytes).type).toBe("damaged");
  });

  test.each([
    "",
    "<!doctype html>",
    "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "GIF89a",
    "\x89PNG",
    "RIFF",
  ])("are unknown of %j", (text) => {
    expect(readImageFile(Buffer.from(text, "latin1"))).toEqual({ type: "unknown" });
  });
});

describe("whatever the bytes are", () => {
  const beginnings = samples.map(([, , bytes]) => bytes);

  test("an image has sides, and nothing is thrown", () => {
    const beginning = fc.constantFrom(...beginnings, Buffer.from("ffd8ff", "hex"), makePng().subarray(0, 8));
    const results: ImageFile[] = [];
    fc.assert(
      fc.property(beginning, fc.nat(300), fc.uint8Array({ maxLength: 300 }), (start, length, rest) => {
        results.push(readImageFile(Buffer.concat([start.subarray(0, length), rest])));
      }),
      { numRuns: 2000 },
    );
    const sides = results.flatMap((result) =>
      result.type === "image" ? [result.size.width, result.size.height] : [],
    );
    expect(sides.length).toBeGreaterThan(0);
    expect(Math.min(...sides)).toBeGreaterThan(0);
  });

  test("a changed byte does no harm", () => {
    const at = fc.nat(400);
    fc.assert(
      fc.property(
        fc.constantFrom(...beginnings),
        at,
        fc.integer({ min: 0, max: 255 }),
        (bytes, at, value) => {
          const changed = patch(bytes, at % bytes.byteLength, value);
          expect(["image", "damaged", "unknown"]).toContain(readImageFile(changed).type);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each<[string, Buffer]>([
    ["a million markers", Buffer.concat([Buffer.from("ffd8", "hex"), Buffer.alloc(2 ** 20, 0xff)])],
    [
      "empty segments",
      Buffer.concat([Buffer.from("ffd8", "hex"), Buffer.from("ffe00002".repeat(2 ** 18), "hex")]),
    ],
    [
      "empty scans",
      Buffer.concat([Buffer.from("ffd8", "hex"), Buffer.from("ffda0002".repeat(2 ** 18), "hex")]),
    ],
    ["empty chunks of PNG", Buffer.concat([makePng().subarray(0, 33), Buffer.alloc(2 ** 20)])],
    [
      "empty chunks of WebP",
      Buffer.concat([Buffer.from("RIFF\xf0\xff\x0f\0WEBP", "latin1"), Buffer.alloc(2 ** 20)]),
    ],
  ])("%s are read in no time", (_name, bytes) => {
    const started = performance.now();
    expect(readImageFile(bytes).type).not.toBe("image");
    expect(performance.now() - started).toBeLessThan(500);
  });
});
