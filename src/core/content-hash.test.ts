import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseContentHash } from "./content-hash.ts";

const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

describe("a SHA3-256 hash", () => {
  test.each([hash, hash.toUpperCase(), `sha3-256:${hash}`, `SHA3-256:${hash.toUpperCase()}`])(
    "written %s is stored in 64 lower-case digits",
    (text) => {
      expect(parseContentHash(text)).toEqual({ algorithm: "sha3-256", value: hash });
    },
  );

  test("is read back from what is stored, whatever its digits", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-fA-F]{64}$/), (text) => {
        expect(parseContentHash(text)).toEqual({ algorithm: "sha3-256", value: text.toLowerCase() });
      }),
    );
  });

  test("is none with another number of digits", () => {
    const digits = fc.oneof(fc.stringMatching(/^[0-9a-f]{63}$/), fc.stringMatching(/^[0-9a-f]{65}$/));
    fc.assert(
      fc.property(digits, (text) => {
        fc.pre(!text.startsWith("f01"));
        expect(parseContentHash(text)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ["empty", ""],
    ["63 digits", hash.slice(1)],
    ["65 digits", `${hash}0`],
    ["65 digits that begin like a CID in base16", `f${hash}`],
    ["65 digits that begin like a CID in base32", `b${"a".repeat(64)}`],
    ["a letter beyond f", `g${hash.slice(1)}`],
    ["a space before it", ` ${hash}`],
    ["a line break after it", `${hash}\n`],
    ["another algorithm's prefix", `sha256:${hash}`],
    ["the prefix twice", `sha3-256:sha3-256:${hash}`],
    ["the prefix alone", "sha3-256:"],
    ["0x before it", `0x${hash.slice(2)}`],
  ])("is none when it is %s", (_what, text) => {
    expect(parseContentHash(text)).toBeUndefined();
  });
});

describe("an IPFS CID", () => {
  test.each([
    ["version 0", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"],
    ["version 1, base32", "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"],
    ["version 1, raw", "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"],
    ["version 1, base36", "k51qzi5uqu5dlvj2baxnqndepeb86cbk3ng7n3i46uzyxzyqj2xjonzllnv0v8"],
    ["version 1, base16", `f01551220${hash}`],
    ["version 1, base58", "zdj7WhuEjrB52m1BisYCtmjH1hSKa7yZ3jEZ9JcXaFRD51wVz"],
  ])("of %s is kept as it was written", (_what, text) => {
    expect(parseContentHash(text)).toEqual({ algorithm: "cid", value: text });
  });

  test.each([
    ["version 0 in lower case", "qmywapjzv5czsna625s3xf2nemtygpphdwez79ojwnpbdg"],
    ["version 0 with a character that base58 lacks", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbd0"],
    ["version 0, one character short", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbd"],
    ["base32 in upper case", "BAFYBEIGDYRZT5SFP7UDM7HU76UH7Y26NF3EFUYLQABF3OCLGTQY55FBZDI"],
    ["129 characters", `bafy${"a".repeat(125)}`],
    ["an address", "ipfs://QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"],
  ])("is none when it is %s", (_what, text) => {
    expect(parseContentHash(text)).toBeUndefined();
  });

  test("of 128 characters is the longest", () => {
    const longest = `bafy${"a".repeat(124)}`;
    expect(parseContentHash(longest)?.value).toBe(longest);
  });
});
