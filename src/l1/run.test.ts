import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRun, type ParsedRun } from "./run.ts";

const a = "a".repeat(64);
const b = "b".repeat(64);
const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
const completed = { run_id: "r-1", status: "completed", output_hash: a };

function parse(answer: object): ParsedRun {
  return parseRun(JSON.stringify(answer), "r-1");
}

function parseValid(answer: object) {
  const parsed = parse({ ...completed, ...answer });
  if (parsed.type !== "run") throw new Error(parsed.reason);
  return parsed.run;
}

describe("a run", () => {
  test("is read whole, and what is unknown is left", () => {
    const run = parseValid({
      recipe: b.toUpperCase(),
      inputs: { source: `sha3-256:${b}`, mask: cid },
      username: "giles",
      requesters: ["@bob@l2.example"],
      created_at: "2026-01-10T10:00:00.123456",
      completed_at: "2026-01-10T11:00:09+01:00",
      error: null,
      plan: { nested: [1, 2] },
    });
    expect(run).toEqual({
      status: "completed",
      output: { algorithm: "sha3-256", value: a },
      recipe: { contentHash: { algorithm: "sha3-256", value: b } },
      inputs: [
        { name: "source", contentHash: { algorithm: "sha3-256", value: b } },
        { name: "mask", contentHash: { algorithm: "cid", value: cid } },
      ],
      owners: ["giles", "@bob@l2.example"],
      started: new Date("2026-01-10T10:00:00.123Z"),
      completed: new Date("2026-01-10T10:00:09Z"),
    });
  });

  test("may list its inputs without names, name its recipe, and say nothing more", () => {
    expect(parseValid({ inputs: [b], recipe: "dog" })).toEqual({
      status: "completed",
      output: { algorithm: "sha3-256", value: a },
      recipe: { name: "dog" },
      inputs: [{ contentHash: { algorithm: "sha3-256", value: b } }],
      owners: [],
    });
  });

  test.each(["", "yesterday", "2026-13-45T10:00:00Z", "1000-01-01T00:00:00Z", 1_700_000_000, {}])(
    "has no time where it says %j",
    (created_at) =>
      expect(parseValid({ created_at, completed_at: created_at })).not.toHaveProperty("started"),
  );

  test("that is not completed needs no output", () => {
    const answer = { run_id: "r-1", status: "failed", output_hash: null, error: "out of memory" };
    expect(parse(answer)).toMatchObject({ type: "run", run: { status: "failed", error: "out of memory" } });
  });
});

describe("what is no run says why", () => {
  test.each([
    ["another id", { ...completed, run_id: "r-2" }, /another run/],
    ["no id", { status: "completed" }, /run_id is missing/],
    ["no status", { run_id: "r-1" }, /status is missing/],
    ["no output", { ...completed, output_hash: null }, /output_hash is missing/],
    ["an output that is no hash", { ...completed, output_hash: "../../auth/me" }, /output_hash is neither/],
    ["an input that is no hash", { ...completed, inputs: { x: "y" } }, /inputs.*is neither/],
    ["inputs that are a text", { ...completed, inputs: b }, /inputs is neither a list nor an object/],
    ["a thousand inputs and one", { ...completed, inputs: Array(1001).fill(b) }, /more than 1000/],
    ["a long name", { ...completed, inputs: { ["x".repeat(256)]: b } }, /longer than 255/],
    ["a recipe with a line break", { ...completed, recipe: "a\nb" }, /recipe contains control characters/],
    ["half a character", { ...completed, recipe: "\ud800" }, /recipe contains control characters/],
    ["a username that is a number", { ...completed, username: 7 }, /username is no text/],
    ["a list", [completed], /no JSON object/],
  ])("%s", (_, answer, reason) => {
    expect(parse(answer)).toEqual({ type: "unusable", reason: expect.stringMatching(reason) });
  });

  test.each(["", "null", "{", "\ufeff{}", "<html>", "1e999"])("%j", (text) => {
    expect(parseRun(text, "r-1").type).toBe("unusable");
  });
});

describe("whatever a renderer answers", () => {
  const usual = fc.constantFrom(a, b, cid, "r-1", "completed", "", null, 0, "\ud800");
  const field = fc.oneof(usual, fc.jsonValue({ maxDepth: 4 }), fc.dictionary(fc.string(), usual));
  const answer = fc.record(
    Object.fromEntries(
      ["recipe", "inputs", "username", "requesters", "created_at", "completed_at", "error"].map((key) => [
        key,
        field,
      ]),
    ),
    { requiredKeys: [] },
  );

  test("is a run whose hashes are hashes, or a reason, and nothing throws", () => {
    const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json());
    const unusable = fc.property(texts, (text) => parseRun(text, "r-1").type === "unusable");
    const sound = fc.property(answer, (fields) => isSound(parse({ ...completed, ...fields })));
    expect(() => fc.assert(unusable)).not.toThrow();
    expect(() => fc.assert(sound)).not.toThrow();
  });

  test("is read however deep it is", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    expect(
      parseRun(`{"run_id":"r-1","status":"completed","output_hash":"${a}","x":${deep}}`, "r-1").type,
    ).toBe("run");
  });
});

function isSound(parsed: ParsedRun): boolean {
  if (parsed.type === "unusable") return /^answered with .{1,400}$/su.test(parsed.reason);
  const { inputs, output } = parsed.run;
  return output?.value === a && inputs.every(({ contentHash }) => [a, b, cid].includes(contentHash.value));
}
