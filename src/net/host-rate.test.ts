import { expect, test } from "vitest";
import { createHostRate } from "./host-rate.ts";

test("each host may be asked so often in any minute", () => {
  let time = 0;
  const take = createHostRate({ perMinute: 2, hosts: 10, now: () => time });
  expect([take("a"), take("b")]).toEqual([true, true]);
  time = 30_000;
  expect([take("a"), take("a"), take("b")]).toEqual([true, false, true]);
  time = 60_000;
  expect([take("a"), take("a")]).toEqual([true, false]);
});

test("the host that was asked longest ago is forgotten first", () => {
  const take = createHostRate({ perMinute: 1, hosts: 2, now: () => 0 });
  expect([take("a"), take("b"), take("a"), take("c")]).toEqual([true, true, false, true]);
  expect([take("a"), take("b")]).toEqual([false, true]);
});
