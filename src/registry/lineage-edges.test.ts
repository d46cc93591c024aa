import { expect, test } from "vitest";
import { toEdges } from "./lineage-edges.ts";

const hash = "b".repeat(64);
const source = (name: string) => ({ name, contentHash: { algorithm: "sha3-256", value: hash } });

test("the recipe comes first, inputs in their order, and what has no hash makes no edge", () => {
  const provenance = { recipe: source("dog"), inputs: [source("one"), { name: "none" }, source("two")] };
  expect(toEdges({ provenance })).toEqual([
    { input: hash, role: "recipe", position: 0, name: "dog" },
    { input: hash, role: "input", position: 1, name: "one" },
    { input: hash, role: "input", position: 2, name: "two" },
  ]);
});

test("names that no database could hold are left out", () => {
  const inputs = ["\0", "\ud800", "", "x".repeat(300)].map(source);
  expect(toEdges({ provenance: { inputs } }).map(({ name }) => name)).toEqual([
    null,
    null,
    null,
    "x".repeat(255),
  ]);
});

test("an object that states nothing of how it was made has no edges", () => {
  expect(toEdges({ provenance: null })).toEqual([]);
});
