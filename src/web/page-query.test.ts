import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { cutPage, nextPath, readPageQuery } from "./page-query.ts";
import type { WebEnv } from "./context.ts";
import { Problem } from "./problem.ts";

function position(item: number): number {
  return item * 10;
}

/** What a request's query is read as; the fields at fault where it can't be. */
async function read(query: string): Promise<unknown> {
  const app = new Hono<WebEnv>();
  app.onError((error, c) =>
    c.json(error instanceof Problem ? error.details.errors?.map(({ field }) => field) : null),
  );
  app.get("/things", (c) => {
    const { limit, cursor = null } = readPageQuery(c);
    return c.json({ limit, cursor, next: nextPath(c, 7) });
  });
  return await (await app.request(`/things${query}`)).json();
}

describe("a page's query", () => {
  test("asks for 20 from the beginning where it says nothing", async () => {
    expect(await read("")).toEqual({ limit: 20, cursor: null, next: "/things?cursor=7" });
  });

  test("leads to the next page with everything else as it was", async () => {
    expect(await read("?q=a%26b&limit=100&cursor=12&tag=x")).toEqual({
      limit: 100,
      cursor: 12,
      next: "/things?q=a%26b&limit=100&cursor=7&tag=x",
    });
  });

  test("names whichever of limit and cursor is wrong", async () => {
    expect(await read("?limit=0")).toEqual(["limit"]);
    expect(await read("?cursor=-1")).toEqual(["cursor"]);
    expect(await read("?limit=101&cursor=x")).toEqual(["limit", "cursor"]);
  });
});

describe("cutPage", () => {
  test("gives the last item's position where there is more than was asked for", () => {
    expect(cutPage([3, 2, 1], 2, position)).toEqual({ items: [3, 2], next: 20 });
  });

  test("ends where there is no more", () => {
    expect(cutPage([3, 2], 2, position)).toEqual({ items: [3, 2], next: null });
    expect(cutPage([], 2, position)).toEqual({ items: [], next: null });
  });
});
