import { afterAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/db/connection.ts";
import { type Walk, walkLineage } from "../src/db/lineage-walk.ts";
import type { Database } from "../src/db/schema.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { countEdgesRead, graphs, insertGraph, numbered } from "./helpers/lineage-graph.ts";

const limits = { depth: 10, limit: 200, back: true, forth: true };

async function open(name: keyof typeof graphs): Promise<Database> {
  const db = openDatabase(await createTestDatabase(), { max: 1, statementTimeout: 60_000 });
  afterAll(() => db.destroy());
  await insertGraph(db, graphs[name]);
  return db;
}

/** Walks, and gives how many rows of the graph that took: to find the ways, and to tell what was found. */
async function walk(db: Database, options = limits): Promise<Walk & { read: number }> {
  const { answer, read } = await countEdgesRead(db, (trx) => walkLineage(trx, numbered(0), options));
  return { ...answer, read };
}

describe("a graph of ten thousand works", () => {
  test("that is deep is read to the depth that was asked for", async () => {
    const found = await walk(await open("deep"));
    expect(found.nodes.map(({ hash, back }) => [hash, back])).toEqual(
      Array.from({ length: 11 }, (_, n) => [numbered(n), n]),
    );
    expect(found.edges).toHaveLength(10);
    expect(found.truncated).toBe(true);
    expect(found.read).toBeLessThanOrEqual(25);
  });

  test("that is wide is read to the number that was asked for", async () => {
    const db = await open("wide");
    const found = await walk(db);
    expect(found.nodes).toHaveLength(200);
    expect(
      found.nodes
        .slice(0, 11)
        .map(({ hash }) => Number.parseInt(hash, 16))
        .toSorted((a, b) => a - b),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(found.truncated).toBe(true);
    expect(found.read).toBeLessThanOrEqual(3 * 5 * 200);
    const whole = await walk(db, { ...limits, limit: 20_000 });
    expect(whole.nodes).toHaveLength(10_011);
    expect(whole.truncated).toBe(false);
  });

  test("whose works were used often is read to the number that was asked for", async () => {
    const found = await walk(await open("used"));
    expect(found.nodes).toHaveLength(200);
    expect(found.nodes.every(({ forth }) => forth === 0 || forth === 1)).toBe(true);
    expect(found.read).toBeLessThanOrEqual(3 * 5 * 200);
  });

  test("that is one tangle of cycles is read within the limits, both ways alike", async () => {
    const db = await open("dense");
    const found = await walk(db, { ...limits, depth: 100 });
    // What is reached both ways takes two places.
    expect(found.nodes.length).toBeGreaterThan(150);
    expect(found.nodes.length).toBeLessThanOrEqual(200);
    expect(found.truncated).toBe(true);
    const ways = (way: "back" | "forth") => found.nodes.filter((node) => node[way] != null).length;
    expect(Math.abs(ways("back") - ways("forth"))).toBeLessThan(20);
    expect(found.read).toBeLessThanOrEqual(3 * 5 * 200);
    const most = await walk(db, { ...limits, depth: 100, limit: 1000 });
    expect(most.nodes.length).toBeGreaterThan(500);
    expect(most.nodes.length).toBeLessThanOrEqual(1000);
    expect(most.read).toBeLessThanOrEqual(3 * 5 * 1000);
  });
});
