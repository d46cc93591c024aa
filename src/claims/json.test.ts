import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryMetadata } from "../../test/helpers/claims.ts";
import { asObject, canonicalBytes, compact, toCanonicalText, toStoredText } from "./json.ts";

describe("the canonical form", () => {
  test("of the example in RFC 8785 is the one given there", () => {
    const example = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(toCanonicalText(example)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  test("sorts keys by their UTF-16 code units, not by their characters", () => {
    expect(toCanonicalText({ "\ufb33": 1, "\u{1f600}": 2, "\r": 3, "1": 4, é: 5 })).toBe(
      `{"\\r":3,"1":4,"é":5,"\u{1f600}":2,"\ufb33":1}`,
    );
  });

  test("has one zero", () => {
    expect(toCanonicalText([-0, 0])).toBe("[0,0]");
  });

  test("is UTF-8", () => {
    expect(Buffer.from(canonicalBytes("é")).toString("hex")).toBe("22c3a922");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("does not exist for %s", (number) => {
    expect(() => toCanonicalText({ a: [number] })).toThrow("is not allowed");
  });

  test("does not depend on the order in which keys were written", () => {
    fc.assert(
      fc.property(arbitraryMetadata, (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(toCanonicalText(reversed)).toBe(toCanonicalText(value));
        expect(JSON.parse(toCanonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("the stored text", () => {
  test("has integer-like keys where parsing will put them", () => {
    expect(toStoredText({ b: 1, "10": 2, a: 1e21, "9": -0 })).toBe('{"9":0,"10":2,"b":1,"a":1e+21}');
  });

  test("stays the same however often it is parsed and written", () => {
    fc.assert(
      fc.property(arbitraryMetadata, (value) => {
        const text = toStoredText(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test.each([[[]], [null], ["x"], [1], [true], [undefined]])("%j is no JSON object", (value) => {
  expect(asObject(value)).toBeUndefined();
});

test("an object is itself as a JSON object", () => {
  const object = { a: 1 };
  expect(asObject(object)).toBe(object);
});

test("only what is undefined is left out", () => {
  expect(compact({ a: undefined, b: null, c: 0, d: "", e: false })).toEqual({
    b: null,
    c: 0,
    d: "",
    e: false,
  });
});
