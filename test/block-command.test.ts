import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { killLeftovers, runToEnd } from "./helpers/process.ts";
import { makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

let databaseUrl: string;
let env: Record<string, string>;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  env = {
    DATABASE_URL: databaseUrl,
    ARTDAG_DATA: await makeTemporaryDirectory(),
    ARTDAG_DOMAIN: "art.example",
  };
});

afterAll(killLeftovers);

async function artdag(...args: string[]): Promise<{ code: number | null; output: string }> {
  return await runToEnd(["dist/src/cli/artdag.js", ...args], env);
}

test("artdag block adds, lists and removes a domain for the whole server, however it is spelled", async () => {
  expect(await artdag("block", "list")).toEqual({ code: 0, output: "Nothing is blocked.\n" });
  expect(await artdag("block", "add", "EVIL.test.", "--reason", "spam")).toEqual({
    code: 0,
    output: "evil.test is blocked.\n",
  });
  expect(await query(databaseUrl, "select user_id, kind, target, reason from blocks")).toEqual([
    { user_id: null, kind: "domain", target: "evil.test", reason: "spam" },
  ]);
  expect((await artdag("block", "add", "evil.test")).output).toBe("evil.test was blocked already.\n");
  expect((await artdag("block", "list")).output).toBe("evil.test\n");
  expect((await artdag("block", "remove", "evil.test")).output).toBe("evil.test is no longer blocked.\n");
  const again = await artdag("block", "remove", "evil.test");
  expect([again.code, again.output]).toEqual([1, expect.stringContaining("evil.test is not blocked.")]);
});

test.each([
  ["https://evil.test", "is no domain"],
  ["art.example", "this server's own domain"],
])("artdag block add refuses %s", async (domain, problem) => {
  const { code, output } = await artdag("block", "add", domain);
  expect([code, output]).toEqual([1, expect.stringContaining(problem)]);
});
