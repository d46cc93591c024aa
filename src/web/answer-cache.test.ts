import { beforeEach, describe, expect, test } from "vitest";
import { type AnswerCache, createAnswerCache, type KeptAnswer } from "./answer-cache.ts";

let now = 0;

function answer(text: string, begun = now): KeptAnswer {
  return { headers: [], body: new TextEncoder().encode(text), etag: `W/"${text}"`, begun };
}

describe("the cache of answers", () => {
  let cache: AnswerCache;

  beforeEach(() => {
    now = 1000;
    cache = createAnswerCache({ seconds: 10, bytes: 10_000, now: () => now });
  });

  test("gives an answer to all who waited for it, and to who comes within its time", async () => {
    expect(cache.find("a")).toBeUndefined();
    const end = cache.begin("a");
    const waiting = [cache.find("a"), cache.find("a")];
    end(answer("made"));
    expect((await Promise.all(waiting)).map((found) => found?.etag)).toEqual(['W/"made"', 'W/"made"']);
    now += 9999;
    expect((await cache.find("a"))?.etag).toBe('W/"made"');
    now += 1;
    expect(cache.find("a")).toBeUndefined();
  });

  test("says to who waited that the answer is for another alone, and keeps nothing", async () => {
    const end = cache.begin("a");
    const waiting = cache.find("a");
    end(undefined);
    expect(await waiting).toBeUndefined();
    expect(cache.find("a")).toBeUndefined();
  });

  test("keeps nothing that was begun before it was cleared", async () => {
    const end = cache.begin("a");
    const before = cache.find("a");
    cache.clear();
    expect(cache.find("a")).toBeUndefined();
    const endAfter = cache.begin("a");
    end(answer("old"));
    expect((await before)?.etag).toBe('W/"old"');
    const waiting = cache.find("a");
    endAfter(answer("new"));
    expect((await waiting)?.etag).toBe('W/"new"');
    expect((await cache.find("a"))?.etag).toBe('W/"new"');
  });

  test("holds no more than it may, and lets the oldest go", async () => {
    for (const key of ["a", "b", "c"]) cache.begin(key)(answer(key.repeat(3000)));
    expect(cache.find("a")).toBeUndefined();
    expect(await cache.find("b")).toBeDefined();
    expect(await cache.find("c")).toBeDefined();
    cache.begin("d")(answer("d".repeat(20_000)));
    expect(["b", "c", "d"].map((key) => cache.find(key))).toEqual([undefined, undefined, undefined]);
    cache.begin("e")(answer("e".repeat(3000)));
    expect(await cache.find("e")).toBeDefined();
  });

  test("shares nothing where answers may have no age", () => {
    const strict = createAnswerCache({ seconds: 0, bytes: 10_000, now: () => now });
    const end = strict.begin("a");
    expect(strict.find("a")).toBeUndefined();
    end(answer("made"));
    expect(strict.find("a")).toBeUndefined();
  });
});
