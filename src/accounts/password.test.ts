import { describe, expect, test } from "vitest";
import { hashPassword, passwordBytes, verifyPassword } from "./password.ts";

describe("a password's hash", () => {
  test("is an argon2id PHC string of the stated cost, with a salt of its own", async () => {
    const [first, second] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(first).not.toBe(second);
  });

  test("fits that password and no other", async () => {
    const stored = await hashPassword("correct horse");
    expect(await verifyPassword(stored, "correct horse")).toBe(true);
    for (const wrong of ["correct horsf", "correct hors", "correct horse ", "", "Correct horse"])
      expect(await verifyPassword(stored, wrong)).toBe(false);
  });

  test.each([
    ["of the longest length", "x".repeat(passwordBytes.max)],
    ["in Unicode", "\u{1f600}é\u0000\u202e"],
  ])("can be made of a password %s", async (_what, password) => {
    const stored = await hashPassword(password);
    expect(await verifyPassword(stored, password)).toBe(true);
    expect(await verifyPassword(stored, `${password.slice(0, -1)}y`)).toBe(false);
  });
});

describe("where there is no hash", () => {
  test.each([null, undefined])("(%s) no password fits", async (stored) => {
    expect(await verifyPassword(stored, "")).toBe(false);
    expect(await verifyPassword(stored, "correct horse")).toBe(false);
  });

  test("it takes as long as where there is one", async () => {
    const stored = await hashPassword("correct horse");
    const time = async (hash: string | undefined) => {
      const start = performance.now();
      await verifyPassword(hash, "wrong");
      return performance.now() - start;
    };
    const pairs: [number, number][] = [];
    for (let round = 0; round < 15; round++) pairs.push([await time(stored), await time(undefined)]);
    const fastest = (index: 0 | 1) => Math.min(...pairs.map((pair) => pair[index]));
    expect(fastest(1) / fastest(0)).toBeGreaterThan(0.3);
    expect(fastest(1) / fastest(0)).toBeLessThan(3.3);
  });
});
