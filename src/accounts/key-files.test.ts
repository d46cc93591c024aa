import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { ensureKeys, instanceKeyName, isInherited, keyFiles, loadKeys } from "./key-files.ts";
import { createKeyRing } from "./key-ring.ts";

let directory: string;

beforeEach(async () => {
  directory = path.join(await makeTemporaryDirectory(), "keys");
});

async function modeOf(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

function read(name: string): Promise<string> {
  return readFile(path.join(directory, name), "utf8");
}

/** The directory as the Python server left it: one RSA key pair, PKCS#8 or older. */
async function writePythonKeys(name: string, type: "pkcs8" | "pkcs1" = "pkcs8"): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await writeFile(path.join(directory, `${name}.pem`), privateKey.export({ type, format: "pem" }), {
    mode: 0o600,
  });
  await writeFile(path.join(directory, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
}

/** Whether both halves of a pair belong together. */
async function works(pair: CryptoKeyPair): Promise<boolean> {
  const data = new TextEncoder().encode("data");
  const { name } = pair.privateKey.algorithm;
  return crypto.subtle.verify(
    name,
    pair.publicKey,
    await crypto.subtle.sign(name, pair.privateKey, data),
    data,
  );
}

describe("keys that are made", () => {
  test("lie in four files of the right modes, in a directory that nobody else may enter", async () => {
    const { created } = await ensureKeys(directory, "alice");
    const files = ["alice.ed25519.pem", "alice.ed25519.pub", "alice.pem", "alice.pub"];
    expect((await readdir(directory)).toSorted()).toEqual(files);
    expect(created.map((file) => path.basename(file)).toSorted()).toEqual(files);
    expect(await modeOf(directory)).toBe("700");
    expect(await modeOf(path.join(directory, "alice.pem"))).toBe("600");
    expect(await modeOf(path.join(directory, "alice.ed25519.pem"))).toBe("600");
    expect(await modeOf(path.join(directory, "alice.pub"))).toBe("644");
  });

  test("are RSA of 2048 bits in PKCS#8, and Ed25519", async () => {
    const { keys } = await ensureKeys(directory, "alice");
    expect(keys.rsa.privateKey.algorithm).toMatchObject({ name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 });
    expect(keys.ed25519.privateKey.algorithm).toEqual({ name: "Ed25519" });
    expect(await read("alice.pem")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await read("alice.pub")).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(createPrivateKey(await read("alice.pem")).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect([await works(keys.rsa), await works(keys.ed25519)]).toEqual([true, true]);
  });

  test("stay the same when they are made again", async () => {
    await ensureKeys(directory, "alice");
    const before = await Promise.all(["alice.pem", "alice.pub", "alice.ed25519.pem"].map(read));
    const { created } = await ensureKeys(directory, "alice");
    expect(created).toEqual([]);
    expect(await Promise.all(["alice.pem", "alice.pub", "alice.ed25519.pem"].map(read))).toEqual(before);
  });

  test("are the same for ten who make them at once, and nothing else is left", async () => {
    for (let round = 0; round < 3; round++) {
      const name = `alice${round}`;
      const all = await Promise.all(Array.from({ length: 10 }, () => ensureKeys(directory, name)));
      const publics = await Promise.all(
        all.flatMap(({ keys }) =>
          [keys.rsa, keys.ed25519].map(async ({ publicKey }) =>
            Buffer.from(await crypto.subtle.exportKey("spki", publicKey)).toString("base64"),
          ),
        ),
      );
      expect(new Set(publics).size).toBe(2);
      expect(all.flatMap(({ created }) => created)).toHaveLength(4);
      const files = (await readdir(directory)).filter((file) => file.includes(name));
      expect(files).toHaveLength(4);
    }
  });

  test("are never made outside the directory, or for what is no username", async () => {
    for (const name of ["../x", "a/b", "", "Alice", "a.b", "instance.actor2", "a\0"]) {
      await expect(ensureKeys(directory, name)).rejects.toThrow("is no username");
      expect(() => keyFiles(directory, name, "rsa")).toThrow("is no username");
    }
    expect(await readdir(directory)).toEqual([]);
    expect(keyFiles("/k", instanceKeyName, "rsa").private).toBe("/k/instance.actor.pem");
  });
});

describe("the Python server's keys", () => {
  test("are used as they are, and an Ed25519 key is put beside them", async () => {
    await writePythonKeys("giles");
    const [pem, pub] = [await read("giles.pem"), await read("giles.pub")];
    const { keys, created } = await ensureKeys(directory, "giles");
    expect([await read("giles.pem"), await read("giles.pub")]).toEqual([pem, pub]);
    expect(created.map((file) => path.basename(file))).toEqual(["giles.ed25519.pem", "giles.ed25519.pub"]);
    expect(await works(keys.rsa)).toBe(true);
    expect(await modeOf(directory)).toBe("700");
  });

  test("are read as PKCS#1 too", async () => {
    await writePythonKeys("giles", "pkcs1");
    expect(await read("giles.pem")).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    const { keys } = await ensureKeys(directory, "giles");
    expect(await works(keys.rsa)).toBe(true);
  });

  test("are given a missing public half", async () => {
    await writePythonKeys("giles");
    const pub = await read("giles.pub");
    await rename(path.join(directory, "giles.pub"), path.join(directory, "elsewhere"));
    await ensureKeys(directory, "giles");
    expect((await read("giles.pub")).trim()).toBe(pub.trim());
  });

  test("mark an account as inherited until it has an Ed25519 key", async () => {
    await writePythonKeys("giles");
    expect(await isInherited(directory, "giles")).toBe(true);
    expect(await isInherited(directory, "alice")).toBe(false);
    await ensureKeys(directory, "giles");
    expect(await isInherited(directory, "giles")).toBe(false);
  });

  test("with loose modes are tightened", async () => {
    await writePythonKeys("giles");
    await chmod(directory, 0o777);
    await chmod(path.join(directory, "giles.pem"), 0o644);
    await ensureKeys(directory, "giles");
    expect(await modeOf(directory)).toBe("700");
    expect(await modeOf(path.join(directory, "giles.pem"))).toBe("600");
  });

  test("with a stricter mode keep it", async () => {
    await writePythonKeys("giles");
    await chmod(path.join(directory, "giles.pem"), 0o400);
    await ensureKeys(directory, "giles");
    expect(await modeOf(path.join(directory, "giles.pem"))).toBe("400");
  });
});

describe("keys are refused", () => {
  const file = (name: string) => path.join(directory, name);

  test("where the public half belongs to another private one", async () => {
    await ensureKeys(directory, "alice");
    await ensureKeys(directory, "bob");
    await writeFile(file("alice.pub"), await read("bob.pub"));
    const message = `${file("alice.pub")} is not the public half of ${file("alice.pem")}.`;
    await expect(loadKeys(directory, "alice")).rejects.toThrow(message);
    await expect(ensureKeys(directory, "alice")).rejects.toThrow(message);
    expect(await read("alice.pub")).toBe(await read("bob.pub"));
  });

  test("where the public half is no key, and the message names that file", async () => {
    await ensureKeys(directory, "alice");
    await writeFile(file("alice.pub"), "nothing");
    await expect(loadKeys(directory, "alice")).rejects.toThrow(`${file("alice.pub")} is not the public half`);
  });

  test("where the public half stands alone: the private one is missing, not new", async () => {
    await ensureKeys(directory, "alice");
    await rename(file("alice.pem"), file("kept"));
    await expect(ensureKeys(directory, "alice")).rejects.toThrow(`stands there without ${file("alice.pem")}`);
    await expect(loadKeys(directory, "alice")).rejects.toThrow(
      `${file("alice.pem")} could not be read (ENOENT)`,
    );
    expect(await readdir(directory)).not.toContain("alice.pem");
  });

  test.each([
    ["empty", ""],
    ["text", "secret words"],
    ["half a key", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHdvcmRz\n-----END PRIVATE KEY-----\n"],
  ])("where the private one is %s, without repeating it", async (_what, content) => {
    await ensureKeys(directory, "alice");
    await writeFile(file("alice.pem"), content);
    const error: unknown = await loadKeys(directory, "alice").catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/^KeyFileError: .*alice\.pem could not be read \(/);
    expect(String(error)).not.toMatch(/secret|c2VjcmV0/);
    await expect(ensureKeys(directory, "alice")).rejects.toThrow("could not be read");
    expect(await read("alice.pem")).toBe(content);
  });

  test("where the private one is of another kind", async () => {
    await ensureKeys(directory, "alice");
    await writeFile(file("alice.pem"), await read("alice.ed25519.pem"));
    await expect(loadKeys(directory, "alice")).rejects.toThrow("alice.pem could not be read");
  });
});

describe("the key ring", () => {
  test("reads a key once and keeps it, but looks again when it is to check", async () => {
    const ring = createKeyRing(directory);
    await expect(ring.get("alice")).rejects.toThrow("could not be read");
    await ring.ensure("alice");
    const keys = await ring.get("alice");
    await rename(path.join(directory, "alice.pem"), path.join(directory, "kept"));
    expect(await ring.get("alice")).toBe(keys);
    await expect(ring.check("alice")).rejects.toThrow("could not be read");
    await rename(path.join(directory, "kept"), path.join(directory, "alice.pem"));
    await ring.check("alice");
  });
});
