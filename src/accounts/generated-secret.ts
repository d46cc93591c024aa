import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { makePrivateDirectory, tighten, writeOnce } from "./write-once.ts";

/** A secret of the data directory that is made at the first start, of 32 random bytes as hex, for its owner alone. */
export async function readGeneratedSecret(dataDirectory: string, name: string): Promise<string> {
  await makePrivateDirectory(dataDirectory);
  const file = path.join(dataDirectory, name);
  await writeOnce(file, `${randomBytes(32).toString("hex")}\n`, 0o600);
  await tighten(file, 0o600);
  return (await readFile(file, "utf8")).trim();
}
