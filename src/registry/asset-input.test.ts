import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assetInput, toWork } from "./asset-input.ts";
import { findMetadataProblem } from "./metadata.ts";

const hash = "a".repeat(64);
const least = { name: "sunrise", content_hash: hash, asset_type: "image" };

/** The work that an input makes. */
function accept(input: object) {
  return toWork(assetInput.parse({ ...least, ...input }));
}

/** The fields at fault, each once, with their messages. */
function refuse(input: object): { fields: string[]; messages: string[] } {
  const { error } = assetInput.safeParse({ ...least, ...input });
  const issues = error?.issues ?? [];
  return {
    fields: [...new Set(issues.map(({ path }) => path.join(".")))],
    messages: issues.map(({ message }) => message),
  };
}

describe("an asset's input", () => {
  test("needs a name, a hash and a type, and no more", () => {
    expect(toWork(assetInput.parse(least))).toEqual({
      name: "sunrise",
      contentHash: { algorithm: "sha3-256", value: hash },
      assetType: "image",
      tags: [],
      sensitive: false,
      post: "public",
    });
  });

  test("is taken whole and in its normal form", () => {
    const whole = accept({
      name: "Cafe\u0301",
      content_hash: `sha3-256:${hash.toUpperCase()}`,
      asset_type: "video",
      tags: ["#art", " Cafe\u0301 ", "## two words", "art"],
      metadata: { a: [1, { b: null }] },
      description: "one\ntwo\tthree",
      url: "HTTPS://Media.Example:443/a b.mp4#t",
      media_type: "Video/MP4",
      width: 1,
      height: 1_000_000,
      duration: 0.5,
      alt: "one\r\ntwo",
      blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
      preview_url: "http://media.example/é.png",
      license: "CC-BY-4.0",
      language: "PT-br",
      sensitive: true,
      content_warning: "Blood",
      post: "unlisted",
    });
    expect(whole).toEqual({
      name: "Caf\u00e9",
      contentHash: { algorithm: "sha3-256", value: hash },
      assetType: "video",
      tags: ["art", "Caf\u00e9", "two words"],
      metadata: { a: [1, { b: null }] },
      description: "one\ntwo\tthree",
      url: "https://media.example/a%20b.mp4#t",
      mediaType: "video/mp4",
      width: 1,
      height: 1_000_000,
      duration: 0.5,
      alt: "one\r\ntwo",
      blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
      previewUrl: "http://media.example/%C3%A9.png",
      license: "CC-BY-4.0",
      language: "pt-BR",
      sensitive: true,
      contentWarning: "Blood",
      post: "unlisted",
    });
  });

  test("with null for what may be left out says the same as without it", () => {
    const names = Object.keys(assetInput.shape).filter((name) => !(name in least));
    expect(names.length).toBeGreaterThan(15);
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    expect(JSON.stringify(accept(nothing))).toBe(JSON.stringify(accept({})));
  });

  test("with blank texts says the same as without them", () => {
    const blank = { description: " \n", alt: "", license: "  ", content_warning: "\t".trim() };
    expect(JSON.stringify(accept(blank))).toBe(JSON.stringify(accept({})));
  });

  test("with a content warning is sensitive, unless it says that it is not", () => {
    expect(accept({ content_warning: "Blood" })).toMatchObject({ sensitive: true, contentWarning: "Blood" });
    expect(accept({ content_warning: "Blood", sensitive: false })).toMatchObject({ sensitive: false });
    expect(accept({ content_warning: "  " }).sensitive).toBe(false);
  });

  test.each([
    ["image", "public"],
    ["video", "public"],
    ["audio", "public"],
    ["recipe", "none"],
    ["effect", "none"],
    ["infrastructure", "none"],
    ["other", "none"],
  ])("of the type %s is posted as %s unless it says otherwise", (asset_type, post) => {
    expect(accept({ asset_type }).post).toBe(post);
    expect(accept({ asset_type, post: "unlisted" }).post).toBe("unlisted");
  });

  test("leaves out fields that are not known", () => {
    expect(accept({ owner: "mallory", index: 0, created_at: "1970-01-01" })).toEqual(accept({}));
  });

  test.each<[string, object]>([
    ["255 characters of a name", { name: "\u{1f600}".repeat(255) }],
    ["50 tags", { tags: Array.from({ length: 50 }, (_, index) => `t${index}`) }],
    ["100 characters of a tag", { tags: ["\u{1f600}".repeat(100)] }],
    ["10,000 characters of a description", { description: "\u{1f600}".repeat(10_000) }],
    ["1,500 characters of alternative text", { alt: "é".repeat(1500) }],
    ["2,048 characters of an address", { url: `https://x.example/${"a".repeat(2030)}` }],
    ["a billion seconds", { duration: 1e9 }],
  ])("may have %s", (_what, input) => {
    expect(refuse(input)).toEqual({ fields: [], messages: [] });
  });

  test.each<[string, string, object]>([
    ["a name that is missing", "name", { name: undefined }],
    ["a name that is null", "name", { name: null }],
    ["a name that is a number", "name", { name: 7 }],
    ["a blank name", "name", { name: "  " }],
    ["a name of 256 characters", "name", { name: "a".repeat(256) }],
    ["a name with a slash", "name", { name: "a/b" }],
    ["a name with a NUL", "name", { name: "a\0" }],
    ["a name with half a character", "name", { name: "\ud83d" }],
    ["a name that overrides direction", "name", { name: "gpj.\u202eexe" }],
    ["a hash that is missing", "content_hash", { content_hash: undefined }],
    ["an empty hash", "content_hash", { content_hash: "" }],
    ["a hash of 63 digits", "content_hash", { content_hash: "a".repeat(63) }],
    ["a hash of 65 digits", "content_hash", { content_hash: "a".repeat(65) }],
    ["a hash in an object", "content_hash", { content_hash: { value: hash } }],
    ["a type that is missing", "asset_type", { asset_type: undefined }],
    ["an unknown type", "asset_type", { asset_type: "sculpture" }],
    ["a type that every object has", "asset_type", { asset_type: "constructor" }],
    ["51 tags", "tags", { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }],
    ["tags in one text", "tags", { tags: "a,b" }],
    ["a tag that is a number", "tags.1", { tags: ["a", 7] }],
    ["a blank tag", "tags.0", { tags: [" # "] }],
    ["a tag of 101 characters", "tags.0", { tags: ["a".repeat(101)] }],
    ["a tag with a line break", "tags.0", { tags: ["a\nb"] }],
    ["metadata in an array", "metadata", { metadata: [] }],
    ["metadata that are text", "metadata", { metadata: "{}" }],
    ["metadata with a key that is refused", "metadata", { metadata: { "@context": {} } }],
    ["a description of 10,001 characters", "description", { description: "a".repeat(10_001) }],
    ["a description with an escape character", "description", { description: "\u001b[31m" }],
    ["a description with a NUL", "description", { description: "\0" }],
    ["an address that is none", "url", { url: "media.example/a.png" }],
    ["an address of a script", "url", { url: "javascript:alert(1)" }],
    ["an address of a file", "url", { url: "file:///etc/passwd" }],
    ["an address with a password", "url", { url: "https://a:b@media.example/" }],
    ["an address of 2,049 characters", "url", { url: `https://x.example/${"a".repeat(2031)}` }],
    ["an address that is too long once escaped", "url", { url: `https://x.example/${"é".repeat(500)}` }],
    ["an address with a line break", "url", { url: "https://x.example/\r\nSet-Cookie: a" }],
    ["a preview at an address that is none", "preview_url", { preview_url: "data:image/png;base64,AA" }],
    ["a media type that is none", "media_type", { media_type: "png" }],
    ["a media type with parameters", "media_type", { media_type: "text/html; charset=utf-8" }],
    ["a width of 0", "width", { width: 0 }],
    ["a width of a half", "width", { width: 0.5 }],
    ["a width in text", "width", { width: "100" }],
    ["a height of 1,000,001", "height", { height: 1_000_001 }],
    ["a duration of 0", "duration", { duration: 0 }],
    ["a duration below 0", "duration", { duration: -1 }],
    ["a duration without end", "duration", { duration: Number.POSITIVE_INFINITY }],
    ["alternative text of 1,501 characters", "alt", { alt: "a".repeat(1501) }],
    ["a BlurHash that is too short", "blurhash", { blurhash: "LEHV6" }],
    ["a BlurHash with a quote", "blurhash", { blurhash: 'LEHV6"' }],
    ["a license of 256 characters", "license", { license: "a".repeat(256) }],
    ["a language that is none", "language", { language: "english!" }],
    ["an empty language", "language", { language: "" }],
    ["sensitive in text", "sensitive", { sensitive: "true" }],
    ["a content warning of 501 characters", "content_warning", { content_warning: "a".repeat(501) }],
    ["a content warning of two lines", "content_warning", { content_warning: "a\nb" }],
    ["an unknown audience", "post", { post: "private" }],
  ])("with %s is refused, and the field is %s", (_what, field, input) => {
    const { fields, messages } = refuse(input);
    expect(fields).toEqual([field]);
    expect(messages.every((message) => message.length > 0)).toBe(true);
  });

  test("with several things wrong names each of them", () => {
    expect(refuse({ name: "", content_hash: "x", width: -1 }).fields).toEqual([
      "name",
      "content_hash",
      "width",
    ]);
  });

  test("is taken or refused, and never breaks, whatever it holds", () => {
    const values = fc.record(
      Object.fromEntries(Object.keys(assetInput.shape).map((name) => [name, fc.jsonValue()])),
      { requiredKeys: [] },
    );
    fc.assert(fc.property(values, (input) => void assetInput.safeParse(input)));
    expect(assetInput.safeParse(null).success).toBe(false);
  });
});

describe("metadata", () => {
  const nested = (levels: number, inside: unknown): object =>
    JSON.parse(`${'{"a":'.repeat(levels)}${JSON.stringify(inside)}${"}".repeat(levels)}`);
  const problem = (value: unknown) => findMetadataProblem(JSON.parse(JSON.stringify(value)));

  test("may hold words that mean something elsewhere", () => {
    const words = {
      type: "Person",
      signature: {},
      id: "x",
      name: null,
      "@type": "x",
      "@value": 1,
      actor: [],
      owner: "",
    };
    expect(problem(words)).toBeUndefined();
  });

  test.each("@context @id @graph proof publicKey publicKeyPem publicKeyMultibase inbox".split(" "))(
    "may not have the key %s, however deep",
    (key) => {
      const message = `must not contain the key "${key}"`;
      expect(problem({ [key]: 1 })).toBe(message);
      expect(problem({ a: { [key]: null } })).toBe(message);
      expect(problem({ a: [1, [{ b: [{ [key]: {} }] }]] })).toBe(message);
      expect(problem({ a: key, [`${key}s`]: key })).toBeUndefined();
    },
  );

  test("may not have the key __proto__, which is no key like the others", () => {
    const message = 'must not contain the key "__proto__"';
    expect(findMetadataProblem(JSON.parse('{"__proto__":{"a":1}}'))).toBe(message);
    expect(findMetadataProblem(JSON.parse('{"a":[{"__proto__":null}]}'))).toBe(message);
    expect(refuse({ metadata: JSON.parse('{"__proto__":1}') }).messages).toEqual([message]);
  });

  test("may have 16 KiB in UTF-8 and not a byte more", () => {
    const around = JSON.stringify({ a: "" }).length;
    expect(problem({ a: "x".repeat(16_384 - around) })).toBeUndefined();
    expect(problem({ a: "x".repeat(16_385 - around) })).toBe("must have at most 16 KiB, but has 16385 bytes");
    expect(problem({ a: "é".repeat((16_384 - around) / 2) })).toBeUndefined();
    expect(problem({ a: "é".repeat((16_384 - around) / 2 + 1) })).toMatch(/16 KiB/);
    expect(problem({ ["k".repeat(17_000)]: 1 })).toMatch(/16 KiB/);
  });

  test("may have 4,000 values and no more, since other servers refuse documents with many", () => {
    expect(problem({ a: Array.from({ length: 3998 }, () => 0) })).toBeUndefined();
    expect(problem({ a: Array.from({ length: 3999 }, () => 0) })).toBe("must have at most 4,000 values");
  });

  test("may be nested 16 levels deep and not 17", () => {
    expect(findMetadataProblem(nested(16, 1) as never)).toBeUndefined();
    expect(findMetadataProblem(nested(17, 1) as never)).toBe("must not be nested deeper than 16 levels");
    expect(findMetadataProblem(nested(15, []) as never)).toBeUndefined();
    expect(findMetadataProblem(nested(16, [0]) as never)).toBe("must not be nested deeper than 16 levels");
    expect(findMetadataProblem(nested(5000, []) as never)).toBe("must not be nested deeper than 16 levels");
  });

  test.each(["\0", "\ud83d", "\ude00 "])("may not contain the text %j, as a value or a key", (text) => {
    const message = "must be well-formed text without NUL";
    expect(problem({ a: [text] })).toBe(message);
    expect(problem({ a: { [`x${text}`]: 1 } })).toBe(message);
  });

  test("may not contain a number that only looks like one", () => {
    expect(findMetadataProblem(JSON.parse('{"a":[1e400]}'))).toBe("must not contain numbers too large");
    expect(findMetadataProblem(JSON.parse('{"a":[1e308,-0]}'))).toBeUndefined();
  });
});
