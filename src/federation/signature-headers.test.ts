import { describe, expect, test } from "vitest";
import { coversRequest, parseSignatureHeaders } from "./signature-headers.ts";

const keyId = "https://remote.example/users/bob#main-key";
const value = Buffer.alloc(256, 7).toString("base64");
const date = "Sun, 22 Nov 2026 12:00:00 GMT";
const digest = `SHA-256=${Buffer.alloc(32, 1).toString("base64")}`;

function cavage(parameters: string, more: Record<string, string> = {}) {
  return parseSignatureHeaders(new Headers({ Signature: parameters, Date: date, Digest: digest, ...more }));
}

const goodCavage = `keyId="${keyId}",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${value}"`;

function rfc9421(input: string, more: Record<string, string> = {}) {
  const headers = { "Signature-Input": input, Signature: `sig1=:${value}:`, "Content-Digest": "", ...more };
  return parseSignatureHeaders(new Headers(headers));
}

const components = '("@method" "@target-uri" "content-digest")';
const goodRfc9421 = `sig1=${components};alg="rsa-v1_5-sha256";keyid="${keyId}";created=1795348800`;

describe("a draft-cavage signature", () => {
  test("tells its key, what it covers, the request's date and the digest", () => {
    expect(cavage(goodCavage)).toEqual({
      keyId: new URL(keyId),
      covered: new Set(["(request-target)", "host", "date", "digest"]),
      dated: new Date("2026-11-22T12:00:00Z"),
      digest: { algorithm: "SHA-256", value: digest.slice(8) },
      spec: "draft-cavage",
    });
  });

  test.each([
    ["in another order, with spaces", goodCavage.split(",").toReversed().join(" , ")],
    ["with the names of headers in upper case", goodCavage.replace("host date digest", "Host Date Digest")],
    ["with times of its own", `${goodCavage},created=1795348800,expires="1795352400"`],
    ["with a parameter that nobody knows", `${goodCavage},opaque="x"`],
  ])("may be written %s", (_what, header) => {
    const parsed = cavage(header);
    expect(parsed != null && coversRequest(parsed)).toBe(true);
  });

  test("takes a digest of 512 bits, and the name of the algorithm in any case", () => {
    expect(cavage(goodCavage, { Digest: "sha-512=AAAA" })?.digest).toEqual({
      algorithm: "SHA-512",
      value: "AAAA",
    });
    expect(cavage(goodCavage, { Digest: "MD5=BBBB, sha-256=AAAA" })?.digest?.value).toBe("AAAA");
    expect(cavage(goodCavage, { Digest: "MD5=BBBB" })?.digest).toBeUndefined();
  });

  test("covers the date alone where it doesn't say what it covers", () => {
    expect(cavage(`keyId="${keyId}",signature="${value}"`)?.covered).toEqual(new Set(["date"]));
  });

  test.each([
    ["empty", ""],
    ["of another scheme", 'Bearer realm="x"'],
    ["without a key", goodCavage.replace(/keyId="[^"]*",/, "")],
    ["with a key that is no URL", goodCavage.replace(keyId, "main-key")],
    ["without a signature", goodCavage.replace(/,signature=.*/, "")],
    ["with an empty signature", goodCavage.replace(value, "")],
    ["with a signature that is no base64", goodCavage.replace(value, "????")],
    ["with a signature that is cut short", goodCavage.replace(value, value.slice(0, -2))],
    ["twice, as two header lines are joined", `${goodCavage}, ${goodCavage}`],
    ["with two keys", `${goodCavage},keyId="https://evil.test/key"`],
    ["with two lists", `headers="date",${goodCavage}`],
    ["with a word between", `x,${goodCavage}`],
    [
      "with a comma inside a value, where others would read another parameter",
      `x="a,created=1,b",${goodCavage}`,
    ],
    ["with a time that is none", `${goodCavage},expires="soon"`],
    ["with a time beyond all times", `${goodCavage},created=99999999999999999999`],
    ["not closed", goodCavage.slice(0, -1)],
  ])("is none when it is %s", (_what, header) => {
    expect(cavage(header)).toBeUndefined();
  });

  test("is none where there is no such header", () => {
    expect(parseSignatureHeaders(new Headers({ Date: date, Digest: digest }))).toBeUndefined();
  });

  test.each([undefined, "", "yesterday"])("has no date where the request's is %s", (text) => {
    const headers = new Headers({ Signature: goodCavage, Digest: digest });
    if (text != null) headers.set("Date", text);
    expect(parseSignatureHeaders(headers)?.dated).toBeUndefined();
  });

  test.each(["(request-target)", "host", "date", "digest"])(
    "that leaves out %s covers too little",
    (name) => {
      const headers = "(request-target) host date digest".replace(name, "accept");
      const parsed = cavage(goodCavage.replace("(request-target) host date digest", headers));
      expect(parsed != null && coversRequest(parsed)).toBe(false);
    },
  );
});

describe("an RFC 9421 signature", () => {
  test("tells its key, what it covers, when it was made and the digest", () => {
    expect(rfc9421(goodRfc9421, { "Content-Digest": "sha-512=:AAAA:" })).toEqual({
      keyId: new URL(keyId),
      covered: new Set(["@method", "@target-uri", "content-digest"]),
      dated: new Date(1795348800_000),
      digest: { algorithm: "SHA-512", value: "AAAA" },
      spec: "rfc9421",
    });
  });

  test("counts before a draft-cavage one, as for Fedify", () => {
    expect(rfc9421(goodRfc9421, { Signature: goodCavage })).toBeUndefined();
    expect(rfc9421("", { Signature: goodCavage })).toBeUndefined();
  });

  test.each([
    ['"@method" "@target-uri" "content-digest"', true],
    ['"@method" "@path" "@authority" "content-digest"', true],
    ['"@method" "@path" "host" "content-digest" "date"', true],
    ['"@target-uri" "content-digest"', false],
    ['"@method" "content-digest"', false],
    ['"@method" "@path" "content-digest"', false],
    ['"@method" "@authority" "content-digest"', false],
    ['"@method" "@target-uri"', false],
    ['"@method" "@target-uri" "content-digest";req', false],
    ['"@method" "@target-uri" "Content-Digest"', false],
    ["", false],
  ])("over %s covers the request: %s", (list, covers) => {
    const parsed = rfc9421(goodRfc9421.replace(components, `(${list})`));
    expect(parsed != null && coversRequest(parsed)).toBe(covers);
  });

  test("without the time it was made covers too little", () => {
    const parsed = rfc9421(goodRfc9421.replace(/;created=\d+/, ""));
    expect(parsed != null && !coversRequest(parsed)).toBe(true);
  });

  test.each<[string, string, string?]>([
    ["without a key", goodRfc9421.replace(/;keyid="[^"]*"/, "")],
    ["with a key that is no URL", goodRfc9421.replace(keyId, "x")],
    ["with two keys", `${goodRfc9421};keyid="https://evil.test/key"`],
    ["with two times", `${goodRfc9421};created=1`],
    ["with two signatures", `${goodRfc9421}, ${goodRfc9421.replace("sig1", "sig2")}`],
    ["with one label twice", `${goodRfc9421}, ${goodRfc9421}`],
    ["with a key inside another text", goodRfc9421.replace(/;keyid="[^"]*"/, ';nonce=";keyid="')],
    ["with an escaped quote", `${goodRfc9421};nonce="a\\""`],
    ["with a time that is a fraction", goodRfc9421.replace(/created=\d+/, "created=1.5")],
    ["without a list", `sig1;keyid="${keyId}"`],
    ["with a list that is not closed", goodRfc9421.replace(")", "")],
    ["under another label", goodRfc9421, `sig2=:${value}:`],
    ["without its value", goodRfc9421, ""],
    ["with a value that is no base64", goodRfc9421, "sig1=:????:"],
    ["with an empty value", goodRfc9421, "sig1=::"],
    ["with a second value", goodRfc9421, `sig1=:${value}:, sig2=:${value}:`],
  ])("is none when it is %s", (_what, input, signature) => {
    expect(rfc9421(input, signature == null ? {} : { Signature: signature })).toBeUndefined();
  });
});
