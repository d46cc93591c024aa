import { expect, test } from "vitest";
import { findShapeProblem } from "./shape.ts";

function nested(depth: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < depth; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}

/** 1 + rows + rows * 70 values. */
function square(rows: number): unknown {
  return Array.from({ length: rows }, () => Array.from({ length: 70 }, () => null));
}

function contexts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `https://a.example/${at}`);
}

function withInnerContexts(count: number): unknown {
  const items = Array.from({ length: count }, () => ({ "@context": { a: "b" } }));
  return { "@context": "https://a.example", items };
}

test("T18 20 levels are fit, 21 and 500,000 are not", () => {
  expect(findShapeProblem(nested(20))).toBeUndefined();
  expect(findShapeProblem(nested(21))).toMatch(/deeper/u);
  expect(findShapeProblem(nested(500_000))).toMatch(/deeper/u);
});

test("T18 5,000 values are fit, 5,001 are not, however they are spread", () => {
  expect(findShapeProblem(Array.from({ length: 4_999 }, () => 1))).toBeUndefined();
  expect(findShapeProblem(Array.from({ length: 5_000 }, () => 1))).toMatch(/values/u);
  expect(findShapeProblem(square(70))).toBeUndefined();
  expect(findShapeProblem(square(71))).toMatch(/values/u);
});

test("T19 16 contexts are fit, 17 and 200 are not", () => {
  expect(findShapeProblem({ "@context": contexts(16) })).toBeUndefined();
  expect(findShapeProblem({ "@context": contexts(17) })).toMatch(/contexts/u);
  expect(findShapeProblem({ "@context": contexts(200) })).toMatch(/contexts/u);
});

test("T19 contexts anywhere in the document count", () => {
  expect(findShapeProblem(withInnerContexts(15))).toBeUndefined();
  expect(findShapeProblem(withInnerContexts(16))).toMatch(/contexts/u);
});

test("a NUL is found in keys and in values", () => {
  expect(findShapeProblem({ a: ["b\0"] })).toMatch(/NUL/u);
  expect(findShapeProblem({ "a\0": 1 })).toMatch(/NUL/u);
});
