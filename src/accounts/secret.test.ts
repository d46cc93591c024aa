import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { loadJwtSecret } from "./secret.ts";

let dataDirectory: string;
let secretFile: string;

beforeEach(async () => {
  const directory = await makeTemporaryDirectory();
  dataDirectory = path.join(directory, "data");
  secretFile = path.join(directory, "jwt_secret");
});

async function load(configured?: string): Promise<string> {
  return new TextDecoder().decode(await loadJwtSecret({ configured, secretFile, dataDirectory }));
}

const tooShort = "at least 32 bytes. Make one with: openssl rand -hex 32";

describe("the secret", () => {
  test("that is configured comes before the others, and none is made", async () => {
    await writeFile(secretFile, "f".repeat(32));
    expect(await load("c".repeat(32))).toBe("c".repeat(32));
    await expect(stat(dataDirectory)).rejects.toThrow("ENOENT");
  });

  test("in the secret file comes next, without the line break after it", async () => {
    await writeFile(secretFile, `  ${"f".repeat(32)}\r\n`);
    expect(await load()).toBe("f".repeat(32));
    await expect(stat(dataDirectory)).rejects.toThrow("ENOENT");
  });

  test("is made where there is none, once, for its owner alone", async () => {
    const secret = await load();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await load()).toBe(secret);
    const file = path.join(dataDirectory, "jwt_secret");
    expect((await readFile(file, "utf8")).trim()).toBe(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dataDirectory)).mode & 0o777).toBe(0o700);
  });

  test("is one where several processes make it at once", async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, () => load()));
    expect(new Set(secrets).size).toBe(1);
  });

  test("is made where the secret file is blank", async () => {
    await writeFile(secretFile, " \n");
    expect(await load()).toMatch(/^[0-9a-f]{64}$/);
  });

  test("differs from server to server", async () => {
    const first = await load();
    dataDirectory += "2";
    expect(await load()).not.toBe(first);
  });

  test("that others could read is tightened", async () => {
    await mkdir(dataDirectory);
    const file = path.join(dataDirectory, "jwt_secret");
    await writeFile(file, "g".repeat(32));
    await chmod(file, 0o644);
    expect(await load()).toBe("g".repeat(32));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("of 31 bytes is refused, wherever it stands, with the way to a better one and without itself", async () => {
    const short = "s".repeat(31);
    await expect(load(short)).rejects.toThrow(tooShort);
    await writeFile(secretFile, short);
    await expect(load()).rejects.toThrow(tooShort);
    await writeFile(secretFile, "");
    await mkdir(dataDirectory);
    await writeFile(path.join(dataDirectory, "jwt_secret"), short);
    await expect(load()).rejects.toThrow(tooShort);
    await expect(load(short)).rejects.not.toThrow(short);
  });

  test("counts in bytes, not in characters", async () => {
    expect(await load("é".repeat(16))).toBe("é".repeat(16));
    await expect(load("é".repeat(15))).rejects.toThrow(tooShort);
  });

  test("in a file that can't be read is not replaced by a new one", async () => {
    await mkdir(secretFile);
    await expect(load()).rejects.toThrow("EISDIR");
  });
});
