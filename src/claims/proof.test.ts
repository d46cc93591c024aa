import { encodeMultibase } from "@fedify/vocab-runtime";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { importPrivateKey, importPublicKey } from "../../test/helpers/claims.ts";
import { asObject, canonicalBytes, type JsonObject } from "./json.ts";
import { findVerificationMethod, prove, verifyProof } from "./proof.ts";

/** The document and the result of the test vector in FEP-8b32. */
const document: JsonObject = {
  "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
  id: "https://server.example/activities/1",
  type: "Create",
  actor: "https://server.example/users/alice",
  object: {
    id: "https://server.example/objects/1",
    type: "Note",
    attributedTo: "https://server.example/users/alice",
    content: "Hello world",
    location: { type: "Place", longitude: -71.184902, latitude: 25.273962 },
  },
};
const verificationMethod = "https://server.example/users/alice#ed25519-key";
const proofValue = "zLaewdp4H9kqtwyrLatK4cjY5oRHwVcw4gibPSUDYDMhi4M49v8pcYk3ZB6D69dNpAPbUmY8ocuJ3m9KhKJEEg7z";

let publicKey: CryptoKey;
let proved: JsonObject;
let proof: JsonObject;

beforeAll(async () => {
  publicKey = await importPublicKey();
  const key = { privateKey: await importPrivateKey(), verificationMethod };
  proved = await prove(document, key, new Date("2023-02-24T23:36:38Z"));
  proof = asObject(proved["proof"]) ?? {};
});

test("the test vector of FEP-8b32 comes out byte for byte", () => {
  expect(JSON.stringify(proved)).toBe(
    JSON.stringify({
      ...document,
      proof: {
        "@context": document["@context"],
        type: "DataIntegrityProof",
        cryptosuite: "eddsa-jcs-2022",
        verificationMethod,
        proofPurpose: "assertionMethod",
        created: "2023-02-24T23:36:38Z",
        proofValue,
      },
    }),
  );
});

/** A right signature over the document and any proof options at all. */
async function signWith(options: JsonObject): Promise<JsonObject> {
  const parts = [options, document].map((part) => crypto.subtle.digest("SHA-256", canonicalBytes(part)));
  const data = Buffer.concat((await Promise.all(parts)).map((part) => new Uint8Array(part)));
  const signature = await crypto.subtle.sign("Ed25519", await importPrivateKey(), data);
  const proofValue = new TextDecoder().decode(encodeMultibase("base58btc", new Uint8Array(signature)));
  return { ...document, proof: { ...options, proofValue } };
}

describe("a proof", () => {
  test("verifies for the document and key it was made with", async () => {
    expect(await verifyProof(proved, publicKey)).toBe(true);
  });

  test("verifies whatever the order of keys and the spelling of numbers", async () => {
    const reordered = JSON.parse(
      JSON.stringify(Object.fromEntries(Object.entries(proved).toReversed())).replace(
        "25.273962",
        "25.2739620e0",
      ),
    );
    expect(Object.keys(reordered)[0]).toBe("proof");
    expect(await verifyProof(reordered, publicKey)).toBe(true);
  });

  test("verifies where the proof leaves the document's context out, as some servers do", async () => {
    const { "@context": _context, ...bare } = proof;
    expect(await verifyProof({ ...proved, proof: bare }, publicKey)).toBe(true);
  });

  test("for another context than the document's does not verify, though its signature is right", async () => {
    const { proofValue: _value, ...options } = proof;
    expect(await signWith(options)).toEqual(proved);
    const narrower = await signWith({ ...options, "@context": "https://www.w3.org/ns/activitystreams" });
    expect(await verifyProof(narrower, publicKey)).toBe(false);
  });

  test("for another purpose or suite does not verify, though its signature is right", async () => {
    const { proofValue: _value, ...options } = proof;
    for (const change of [
      { proofPurpose: "authentication" },
      { cryptosuite: "eddsa-rdfc-2022" },
      { type: "Proof" },
    ])
      expect(await verifyProof(await signWith({ ...options, ...change }), publicKey)).toBe(false);
  });

  test("is not disturbed by an LD signature that was added after it", async () => {
    const signature = {
      type: "RsaSignature2017",
      creator: "https://relay.example/#key",
      signatureValue: "AA==",
    };
    expect(await verifyProof({ ...proved, signature }, publicKey)).toBe(true);
  });

  test("does not verify with any one character of the document changed", async () => {
    const text = JSON.stringify(proved);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        async (at, other) => {
          fc.pre(text[at] !== other);
          let changed: unknown;
          try {
            changed = JSON.parse(text.slice(0, at) + other + text.slice(at + 1));
          } catch {
            return;
          }
          expect(await verifyProof(asObject(changed) ?? {}, publicKey)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("does not verify with any one bit of the signature changed", async () => {
    const alphabet = [..."123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: proofValue.length - 1 }),
        fc.constantFrom(...alphabet),
        async (at, digit) => {
          fc.pre(proofValue[at] !== digit);
          const changed = proofValue.slice(0, at) + digit + proofValue.slice(at + 1);
          expect(await verifyProof({ ...proved, proof: { ...proof, proofValue: changed } }, publicKey)).toBe(
            false,
          );
        },
      ),
    );
  });

  test("does not verify with another key, nor with a key of another kind", async () => {
    const other = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    expect(await verifyProof(proved, other.publicKey)).toBe(false);
    const ecdsa = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    expect(await verifyProof(proved, ecdsa.publicKey)).toBe(false);
  });

  test.each<[string, JsonObject]>([
    ["another context", { "@context": ["https://www.w3.org/ns/activitystreams"] }],
    ["a context in another order", { "@context": (document["@context"] as string[]).toReversed() }],
    ["a context of null", { "@context": null, proofValue: null }],
    ["another time", { created: "2023-02-24T23:36:39Z" }],
    ["another key's id", { verificationMethod: `${verificationMethod}2` }],
    ["another purpose", { proofPurpose: "authentication" }],
    ["another suite", { cryptosuite: "eddsa-rdfc-2022" }],
    ["another type", { type: "Ed25519Signature2020" }],
    ["an option more", { nonce: "1" }],
    ["a key's id that is no text", { verificationMethod: [verificationMethod] }],
    ["a number that JSON can't hold", { nonce: Number.POSITIVE_INFINITY }],
  ])("with %s does not verify", async (_what, change) => {
    expect(await verifyProof({ ...proved, proof: { ...proof, ...change } }, publicKey)).toBe(false);
  });

  test.each(["type", "cryptosuite", "verificationMethod", "proofPurpose", "created", "proofValue"])(
    "without its %s does not verify",
    async (name) => {
      const { [name]: _missing, ...rest } = proof;
      expect(await verifyProof({ ...proved, proof: rest }, publicKey)).toBe(false);
    },
  );

  test.each<[string, unknown]>([
    ["empty", ""],
    ["without its prefix", proofValue.slice(1)],
    ["in another base", `u${Buffer.alloc(64).toString("base64url")}`],
    ["with a character outside the alphabet", `${proofValue.slice(0, -1)}0`],
    ["cut short", proofValue.slice(0, -4)],
    ["too long", `${proofValue}11`],
    ["very long", `z${"1".repeat(100_000)}`],
    ["a number", 5],
    ["null", null],
    ["an array", [proofValue]],
  ])("whose value is %s does not verify", async (_what, value) => {
    const changed = { ...proved, proof: { ...proof, proofValue: value } } as JsonObject;
    expect(await verifyProof(changed, publicKey)).toBe(false);
  });

  test.each<[string, unknown]>([
    ["missing", undefined],
    ["null", null],
    ["a text", "proof"],
    ["in an array", "array"],
  ])("that is %s does not verify", async (what, value) => {
    const changed = { ...proved, proof: what === "in an array" ? [proof] : value } as JsonObject;
    expect(await verifyProof(changed, publicKey)).toBe(false);
  });

  test("does not verify a document with a number that JSON can't hold", async () => {
    const changed = JSON.parse(JSON.stringify(proved).replace("25.273962", "1e400"));
    expect(await verifyProof(changed, publicKey)).toBe(false);
  });
});

describe("the key of a proof", () => {
  test("is found where the proof is one of ours", () => {
    expect(findVerificationMethod(proved)).toBe(verificationMethod);
    expect(findVerificationMethod(document)).toBeUndefined();
    expect(findVerificationMethod({ proof: { ...proof, cryptosuite: "ecdsa-jcs-2019" } })).toBeUndefined();
  });
});
