import { describe, expect, test } from "vitest";
import { alicesProofKey, image, paths, registration, verifiesWithFedify } from "../../test/helpers/claims.ts";
import { buildClaim } from "./claim.ts";
import { asObject } from "./json.ts";
import { prove } from "./proof.ts";
import { linkSources, type Provenance, readSources, toProvenanceJson } from "./provenance.ts";

const input = { algorithm: "sha3-256", value: "b".repeat(64) } as const;
const recipe = { algorithm: "cid", value: "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG" } as const;
const provenance: Provenance = {
  run: "https://l1.example/runs/run-1",
  renderer: "https://l1.example",
  recipe: { name: "dog", contentHash: recipe },
  inputs: [{ name: "source", contentHash: input }, { contentHash: recipe }],
  started: new Date("2026-11-22T11:00:00.5Z"),
  completed: new Date("2026-11-22T11:01:00Z"),
  runDigest: "c".repeat(64),
  evidence: "bytes-checked",
};
const stated = {
  run: "https://l1.example/runs/run-1",
  renderer: "https://l1.example",
  recipe: { name: "dog", contentHash: recipe },
  inputs: [{ name: "source", contentHash: input }, { contentHash: recipe }],
  startTime: "2026-11-22T11:00:00Z",
  endTime: "2026-11-22T11:01:00Z",
  runDigest: { algorithm: "sha-256", value: "c".repeat(64) },
  evidence: "bytes-checked",
};

describe("the provenance of a work", () => {
  test("is stated whole", () => {
    expect(toProvenanceJson(provenance)).toEqual(stated);
  });

  test("leaves out what is not known", () => {
    const { recipe: _recipe, started: _started, completed: _completed, ...rest } = provenance;
    expect(Object.keys(toProvenanceJson(rest))).toEqual([
      "run",
      "renderer",
      "inputs",
      "runDigest",
      "evidence",
    ]);
  });

  test("is part of the proved claim, which Fedify finds valid and reads without losing a term", async () => {
    const built = registration({ ...image, provenance: toProvenanceJson(provenance) });
    const claim = await prove(buildClaim(paths, built), await alicesProofKey(), built.published);
    expect(asObject(claim["object"])?.["provenance"]).toEqual(stated);
    expect(await verifiesWithFedify(claim)).toBe(true);
  });
});

describe("the sources that an object states", () => {
  test("are read as they were written", () => {
    const { inputs } = provenance;
    expect(readSources({ provenance: stated })).toEqual({ recipe: provenance.recipe, inputs });
  });

  test.each([
    ["no provenance", {}],
    ["a text", { provenance: "x" }],
    ["inputs that are no list", { provenance: { inputs: { contentHash: input } } }],
    [
      "inputs without hashes",
      { provenance: { inputs: [null, 1, "x", {}, { name: "x" }, { contentHash: "x" }] } },
    ],
    ["a recipe without a hash", { provenance: { recipe: { name: "dog" } } }],
    ["a malformed hash", { provenance: { inputs: [{ contentHash: { value: "xyz" } }] } }],
  ])("are none where it states %s", (_, object) => {
    expect(readSources(object)).toEqual({ recipe: undefined, inputs: [] });
  });

  test("are a thousand inputs at most", () => {
    const inputs = Array.from({ length: 1001 }, () => ({ contentHash: input }));
    expect(readSources({ provenance: { inputs } }).inputs).toHaveLength(1000);
  });
});

describe("the claims to what a work was made from", () => {
  const [own, other] = ["https://here.example/activities/1", "https://far.example/activities/2"];

  test("are linked by hash, where none is named yet", () => {
    const json = toProvenanceJson({
      ...provenance,
      inputs: [{ contentHash: input, claim: other }, { contentHash: recipe }],
    });
    const claims = new Map([input.value, recipe.value].map((hash) => [hash, own]));
    const linked = linkSources(json, claims);
    expect(linked["recipe"]).toEqual({ name: "dog", contentHash: recipe, claim: own });
    expect(linked["inputs"]).toEqual([
      { contentHash: input, claim: other },
      { contentHash: recipe, claim: own },
    ]);
    expect(readSources({ provenance: linked }).inputs.map(({ claim }) => claim)).toEqual([other, own]);
  });

  test("change nothing where none are known", () => {
    expect(linkSources(stated, new Map())).toEqual(stated);
  });

  test.each([
    "javascript:alert(1)",
    "no address",
    7,
    `https://x.example/${"a".repeat(2048)}`,
    `https://x.example/${"é".repeat(340)}`,
  ])("are not read from %s", (claim) => {
    const inputs = [{ contentHash: input, claim }];
    expect(readSources({ provenance: { inputs } }).inputs).toEqual([{ contentHash: input }]);
  });
});
