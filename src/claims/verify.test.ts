import { beforeAll, describe, expect, test } from "vitest";
import {
  alicesActor,
  alicesProofKey,
  effect,
  image,
  paths,
  registration,
} from "../../test/helpers/claims.ts";
import { buildClaim } from "./claim.ts";
import { asObject, type JsonObject } from "./json.ts";
import { encodeMultikey } from "./multikey.ts";
import { prove, type ProofKey } from "./proof.ts";
import { checkClaim } from "./verify.ts";

const iri = "https://artdag.example/activities/7";
const alice = "https://artdag.example/users/alice";
const mallory = "https://artdag.example/users/mallory";

let key: ProofKey;
let actor: JsonObject;
let claim: JsonObject;

beforeAll(async () => {
  key = await alicesProofKey();
  actor = await alicesActor();
  claim = await makeClaim({});
});

/** A claim whose document was changed before it was proved, so that the proof itself is right. */
async function makeClaim(change: JsonObject, object: JsonObject = {}): Promise<JsonObject> {
  const unproved = buildClaim(paths, registration(image));
  const changed = { ...unproved, object: { ...asObject(unproved["object"]), ...object }, ...change };
  return await prove(changed, key, new Date("2026-11-22T12:00:00Z"));
}

function listed(): JsonObject {
  return asObject((actor["assertionMethod"] as JsonObject[])[0]) ?? {};
}

describe("a claim", () => {
  test("that its actor proved is valid, and its hash is given", async () => {
    expect(await checkClaim(claim, iri, actor)).toEqual({
      type: "valid",
      contentHash: "a".repeat(64),
      publicKey: key.verificationMethod.split("#")[1],
    });
  });

  test("to a CID is valid too", async () => {
    const unproved = buildClaim(paths, registration(effect));
    const proved = await prove(unproved, key, new Date());
    expect(await checkClaim(proved, iri, actor)).toMatchObject({
      type: "valid",
      contentHash: effect.contentHash.value,
    });
  });

  test("is valid where the actor lists one key only, in no array", async () => {
    const single = { ...actor, assertionMethod: listed() };
    expect(await checkClaim(claim, iri, single)).toMatchObject({ type: "valid" });
  });

  test("is valid where the actor lists other things beside the key", async () => {
    const more = { ...actor, assertionMethod: [null, `${alice}#other`, { id: `${alice}#x` }, listed()] };
    expect(await checkClaim(claim, iri, more)).toMatchObject({ type: "valid" });
  });

  test.each<[string, () => Promise<JsonObject>]>([
    ["its id is another one", () => makeClaim({ id: "https://artdag.example/activities/8" })],
    ["it is no Create", () => makeClaim({ type: "Update" })],
    ["it is no Create", () => makeClaim({ type: ["Create"] })],
    ["it is another actor's", () => makeClaim({ actor: mallory })],
    ["it is another actor's", () => makeClaim({ actor: [alice] })],
    ["its object is attributed to another actor", () => makeClaim({}, { attributedTo: mallory })],
    [
      "its object is attributed to another actor",
      () => makeClaim({ object: "https://artdag.example/objects/1" }),
    ],
    ["its object has no content hash", () => makeClaim({}, { contentHash: "a".repeat(64) })],
    ["its object has no content hash", () => makeClaim({}, { contentHash: { value: 7 } })],
    ["its object has no content hash", () => makeClaim({}, { contentHash: { value: "abc" } })],
    ["it has no eddsa-jcs-2022 proof", async () => buildClaim(paths, registration(image))],
    ["it has no eddsa-jcs-2022 proof", async () => ({ ...claim, proof: [claim["proof"] ?? null] })],
    [
      "the actor does not list the key of the proof",
      () =>
        prove(
          buildClaim(paths, registration(image)),
          { ...key, verificationMethod: `${alice}#x` },
          new Date(),
        ),
    ],
    ["its proof is not valid", async () => ({ ...claim, published: "2020-01-01T00:00:00Z" })],
    ["its proof is not valid", async () => ({ ...claim, more: Number.POSITIVE_INFINITY })],
  ])("is refused: %s", async (reason, make) => {
    expect(await checkClaim(await make(), iri, actor)).toEqual({ type: "invalid", reason });
  });

  test("is refused where it stands at another address", async () => {
    const elsewhere = "https://artdag.example/activities/8";
    expect(await checkClaim(claim, elsewhere, actor)).toEqual({
      type: "invalid",
      reason: "its id is another one",
    });
  });
});

describe("the key of a claim", () => {
  const unlisted = { type: "invalid", reason: "the actor does not list the key of the proof" };
  const wrong = { type: "invalid", reason: "its proof is not valid" };

  test.each<[string, () => JsonObject]>([
    ["is not listed at all", () => ({ ...actor, assertionMethod: [] })],
    ["is named but not given", () => ({ ...actor, assertionMethod: [key.verificationMethod] })],
    [
      "belongs to another controller",
      () => ({ ...actor, assertionMethod: { ...listed(), controller: mallory } }),
    ],
    [
      "stands under another id",
      () => ({ ...actor, assertionMethod: { ...listed(), id: `${alice}#main-key` } }),
    ],
    [
      "has no public half",
      () => ({ ...actor, assertionMethod: { id: key.verificationMethod, controller: alice } }),
    ],
  ])("counts for nothing when it %s", async (_what, makeActor) => {
    expect(await checkClaim(claim, iri, makeActor())).toEqual(unlisted);
  });

  test("counts for nothing in the document of another actor", async () => {
    const other = { ...actor, id: mallory };
    expect(await checkClaim(claim, iri, other)).toEqual({ type: "invalid", reason: "it is another actor's" });
    const { id: _id, ...nameless } = actor;
    expect(await checkClaim(claim, iri, nameless)).toMatchObject({ reason: "it is another actor's" });
  });

  test.each(["", "z", "zzzz", "z6MkgarbageGarbage", "u6Mk", "\u{1f600}"])(
    "that is written %j proves nothing",
    async (text) => {
      const garbled = { ...actor, assertionMethod: { ...listed(), publicKeyMultibase: text } };
      expect(await checkClaim(claim, iri, garbled)).toEqual(wrong);
    },
  );

  test("that is another one proves nothing", async () => {
    const other = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
    const publicKeyMultibase = await encodeMultikey(other.publicKey);
    const changed = { ...actor, assertionMethod: { ...listed(), publicKeyMultibase } };
    expect(await checkClaim(claim, iri, changed)).toEqual(wrong);
  });
});
