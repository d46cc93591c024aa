import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutLineage, type LineageLayout, nodeSize } from "./lineage-layout.ts";

const chain = [
  { from: "a", to: "b" },
  { from: "b", to: "c" },
];

const graph = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const hash = fc.integer({ min: 0, max: count - 1 }).map((n) => `h${n}`);
  return fc.record({
    hashes: fc.constant(Array.from({ length: count }, (_, n) => `h${n}`)),
    edges: fc.array(fc.record({ from: hash, to: hash }), { maxLength: 24 }),
  });
});

function place(layout: LineageLayout, hash: string) {
  const node = layout.nodes.find((candidate) => candidate.hash === hash);
  if (node == null) throw new Error(`${hash} has no place`);
  return node;
}

describe("the layout of a lineage", () => {
  test("has what was used to the left of what was made of it", () => {
    const layout = layoutLineage(["c", "b", "a"], chain);
    expect(place(layout, "a").x).toBeLessThan(place(layout, "b").x);
    expect(place(layout, "b").x).toBeLessThan(place(layout, "c").x);
    const [edge] = layout.edges;
    expect(edge).toMatchObject({ from: "a", to: "b" });
    expect(edge?.points[0]?.x).toBeLessThan(edge?.points.at(-1)?.x ?? 0);
  });

  test("lets no two works overlap, has all of them inside, and keeps every edge but loops once", () => {
    fc.assert(
      fc.property(graph, ({ hashes, edges }) => {
        const layout = layoutLineage(hashes, edges);
        expect(layout.nodes).toHaveLength(hashes.length);
        for (const [at, one] of layout.nodes.entries()) {
          expect(one.x - nodeSize.width / 2).toBeGreaterThanOrEqual(0);
          expect(one.y - nodeSize.height / 2).toBeGreaterThanOrEqual(0);
          expect(one.x + nodeSize.width / 2).toBeLessThanOrEqual(layout.width);
          expect(one.y + nodeSize.height / 2).toBeLessThanOrEqual(layout.height);
          for (const other of layout.nodes.slice(at + 1)) {
            const apart =
              Math.abs(one.x - other.x) >= nodeSize.width || Math.abs(one.y - other.y) >= nodeSize.height;
            expect(apart).toBe(true);
          }
        }
        const pairs = new Set(
          edges.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from} ${to}`),
        );
        expect(new Set(layout.edges.map(({ from, to }) => `${from} ${to}`))).toEqual(pairs);
      }),
      { numRuns: 50 },
    );
  });

  test("is the same in whatever order the graph is given", () => {
    fc.assert(
      fc.property(graph, ({ hashes, edges }) => {
        const other = layoutLineage(hashes.toReversed(), edges.toReversed());
        expect(other).toEqual(layoutLineage(hashes, edges));
      }),
      { numRuns: 30 },
    );
  });

  test("leaves out edges to what it is not given", () => {
    expect(layoutLineage(["a", "b"], chain).edges).toHaveLength(1);
  });
});
