import { verifyObject } from "@fedify/fedify";
import { Activity } from "@fedify/vocab";
import type { RemoteDocument } from "@fedify/vocab-runtime";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/claims/json.ts";
import { encodeMultikey } from "../../src/claims/multikey.ts";
import type { ProofKey } from "../../src/claims/proof.ts";
import type { Registration, Work } from "../../src/claims/work.ts";
import { findAssetNameProblem } from "../../src/core/asset-name.ts";
import { assetTypes } from "../../src/core/media.ts";
import { createPaths } from "../../src/core/paths.ts";
import { loadContext } from "../../src/net/contexts.ts";
import { findMetadataProblem } from "../../src/registry/metadata.ts";

export const paths = createPaths("https://artdag.example");

/** The key of the FEP-8b32 test vector. */
const jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "yW756hDF5BTEcXI6_53nLDX6W3D66X6IMuysfS4rjtY",
  x: "sA2Nk45_dz1RVlqtNqYj9TRPf10ZYPnPPo4SYg6igQ8",
};

/** The private half of the test vector's key. */
export function importPrivateKey(): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", jwk, "Ed25519", true, ["sign"]);
}

/** The public half of the test vector's key. */
export function importPublicKey(): Promise<CryptoKey> {
  const { d: _private, ...half } = jwk;
  return crypto.subtle.importKey("jwk", half, "Ed25519", true, ["verify"]);
}

/** The key with which alice of `artdag.example` proves. */
export async function alicesProofKey(): Promise<ProofKey> {
  const multibase = await encodeMultikey(await importPublicKey());
  return { privateKey: await importPrivateKey(), verificationMethod: `${paths.actor("alice")}#${multibase}` };
}

/** Alice's own document, which lists that key. */
export async function alicesActor(): Promise<JsonObject> {
  const id = paths.actor("alice");
  const publicKeyMultibase = await encodeMultikey(await importPublicKey());
  return {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      "https://www.w3.org/ns/did/v1",
      "https://w3id.org/security/multikey/v1",
    ],
    id,
    type: "Person",
    preferredUsername: "alice",
    inbox: paths.inbox("alice"),
    outbox: paths.outbox("alice"),
    assertionMethod: [
      { id: `${id}#${publicKeyMultibase}`, type: "Multikey", controller: id, publicKeyMultibase },
    ],
  };
}

/** Whether Fedify, which other servers use, finds the document proved by its actor. Only alice's document is served. */
export async function verifiesWithFedify(document: JsonObject): Promise<boolean> {
  const actor = await alicesActor();
  const documentLoader = async (url: string): Promise<RemoteDocument> => {
    if (url.split("#")[0] !== actor["id"]) throw new Error(`${url} is not served`);
    return { contextUrl: null, documentUrl: url, document: structuredClone(actor) };
  };
  const copy = structuredClone(document);
  return (await verifyObject(Activity, copy, { documentLoader, contextLoader: loadContext })) != null;
}

export const image: Work = {
  name: "Sunrise & sea",
  contentHash: { algorithm: "sha3-256", value: "a".repeat(64) },
  assetType: "image",
  tags: ["art", "sun rise"],
  metadata: { seed: 42, type: "Person", signature: { value: "x" } },
  description: "First line\nsecond line\n\nAnother <paragraph>",
  url: "https://media.example/sunrise.png",
  mediaType: "image/png",
  width: 1920,
  height: 1080,
  alt: "The sun over the sea",
  blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
  license: "CC-BY-4.0",
  language: "en",
  sensitive: false,
  post: "public",
};

export const effect: Work = {
  name: "blur",
  contentHash: { algorithm: "cid", value: "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG" },
  assetType: "effect",
  tags: [],
  sensitive: false,
  post: "none",
};

/** Alice registers a work at index 7, at a fixed time. */
export function registration(work: Work, more: Partial<Registration> = {}): Registration {
  return { work, username: "alice", index: 7, published: new Date("2026-11-22T12:00:00.900Z"), ...more };
}

const line = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const awkwardKeys = [
  ..."type id @type @value @reverse @included @json signature name 7 07 -1 1e21 constructor toJSON".split(
    " ",
  ),
  ..."actor object to summary é \u{1f600} \ue000".split(" "),
];
const key = fc.oneof(fc.constantFrom(...awkwardKeys), line);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(1e21, 1e-7, -0, 9007199254740991, 0.1, 1e300, 5e-324),
);
const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(fc.constant(null), fc.boolean(), number, line),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** Metadata as a user may state them. */
export const arbitraryMetadata: fc.Arbitrary<JsonObject> = fc
  .dictionary(key, json, { maxKeys: 6, noNullPrototype: true })
  .filter((metadata) => findMetadataProblem(metadata) == null);

/** Any work that the registry lets through. */
export const arbitraryWork: fc.Arbitrary<Work> = fc.record(
  {
    name: line.filter((name) => findAssetNameProblem(name) == null),
    contentHash: fc.record({
      algorithm: fc.constant("sha3-256" as const),
      value: fc.stringMatching(/^[0-9a-f]{64}$/),
    }),
    assetType: fc.constantFrom(...assetTypes),
    tags: fc.uniqueArray(line, { maxLength: 5 }),
    metadata: arbitraryMetadata,
    description: fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
    url: fc.webUrl({ withQueryParameters: true }).map((url) => new URL(url).href),
    mediaType: fc.constantFrom("image/png", "video/mp4", "audio/ogg", "application/json"),
    width: fc.integer({ min: 1, max: 1_000_000 }),
    height: fc.integer({ min: 1, max: 1_000_000 }),
    duration: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    alt: line,
    blurhash: fc.constant("LEHV6nWB2yk8pyo0adR*.7kCMdnj"),
    previewUrl: fc.constantFrom(
      "https://media.example/p.jpg",
      "https://media.example/p",
      "http://x.example/",
    ),
    license: line,
    language: fc.constantFrom("en", "pt-BR", "zh-Hant"),
    sensitive: fc.boolean(),
    contentWarning: line,
    post: fc.constantFrom("public" as const, "unlisted" as const),
  },
  { requiredKeys: ["name", "contentHash", "assetType", "tags", "sensitive", "post"] },
);
