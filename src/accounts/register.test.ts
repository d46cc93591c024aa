import { generateKeyPairSync } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { openDatabase } from "../db/connection.ts";
import type { Database } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import { createKeyRing, type KeyRing } from "./key-ring.ts";
import { createPasswords } from "./passwords.ts";
import { registerUser } from "./register.ts";
import { signIn } from "./sign-in.ts";

let db: Database;
let keys: KeyRing;
let directory: string;
const passwords = createPasswords();
const password = "correct horse";

beforeAll(async () => {
  db = openDatabase(await createTestDatabase(), { max: 5 });
  directory = path.join(await makeTemporaryDirectory(), "keys");
  keys = createKeyRing(directory);
});
afterAll(() => db.destroy());

describe("registering", () => {
  test("makes a user with keys, whose password is stored as a hash alone", async () => {
    const result = await registerUser(
      { db, keys, passwords },
      { username: "alice", password, email: "a@example.com" },
    );
    expect(result).toMatchObject({ type: "registered", user: { username: "alice", admin: false } });
    const user = await findUser(db, "alice");
    expect(user?.password_hash).toMatch(/^\$argon2id\$/);
    expect(user?.email).toBe("a@example.com");
    expect(await readdir(directory)).toContain("alice.pem");
  });

  test("a name that is taken changes nothing", async () => {
    const before = await findUser(db, "alice");
    const result = await registerUser(
      { db, keys, passwords },
      { username: "alice", password: "another one" },
    );
    expect(result).toEqual({ type: "username_taken" });
    expect(await findUser(db, "alice")).toEqual(before);
  });

  test("one name ten times at once makes one user", async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        registerUser({ db, keys, passwords }, { username: "racer", password }),
      ),
    );
    expect(results.map(({ type }) => type).toSorted()).toEqual([
      "registered",
      ...Array.from({ length: 9 }, () => "username_taken"),
    ]);
  });

  test("makes no user where the keys can't be made", async () => {
    await mkdir(path.join(directory, "keyless.ed25519.pem"));
    await expect(registerUser({ db, keys, passwords }, { username: "keyless", password })).rejects.toThrow(
      "keyless.ed25519.pem",
    );
    expect(await findUser(db, "keyless")).toBeUndefined();
  });

  test("a name with a key of the Python server is for the administrator to give away", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(path.join(directory, "giles.pem"), pem, { mode: 0o600 });
    const account = { username: "giles", password };
    expect(await registerUser({ db, keys, passwords }, account)).toEqual({ type: "username_inherited" });
    expect(await findUser(db, "giles")).toBeUndefined();
    expect(await registerUser({ db, keys, passwords }, account)).toEqual({ type: "username_inherited" });
    expect(await registerUser({ db, keys, passwords }, account, { mayInherit: true })).toMatchObject({
      type: "registered",
    });
  });
});

describe("signing in", () => {
  test("takes the name in any case, with its password", async () => {
    expect(await signIn({ db, passwords }, { username: "ALICE", password })).toMatchObject({
      type: "signed_in",
      user: { username: "alice" },
    });
  });

  test.each([
    ["a wrong password", "alice", "correct horsf"],
    ["an unknown user", "nobody_here", password],
    ["what is no username", "../alice", password],
    ["a NUL", "alice\0", password],
  ])("fails with %s", async (_what, username, word) => {
    expect(await signIn({ db, passwords }, { username, password: word })).toEqual({
      type: "wrong_credentials",
    });
  });

  test("fails for a user without a password", async () => {
    await db.insertInto("users").values({ username: "oauth", password_hash: null, email: null }).execute();
    expect(await signIn({ db, passwords }, { username: "oauth", password: "" })).toEqual({
      type: "wrong_credentials",
    });
  });
});
