import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { loadBurnSecret } from "./burn-secret.ts";

test("the burn secret is made once, of 32 bytes, and found again", async () => {
  const directory = await makeTemporaryDirectory();
  const key = await loadBurnSecret(directory);
  expect(key).toHaveLength(32);
  expect(await loadBurnSecret(directory)).toEqual(key);
});

test("a burn secret that was cut short is refused", async () => {
  const directory = await makeTemporaryDirectory();
  await writeFile(path.join(directory, "burn_secret"), "abcdef\n", { mode: 0o600 });
  await expect(loadBurnSecret(directory)).rejects.toThrow("at least 64 hexadecimal digits");
});
