import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { killLeftovers, runToEnd, startProcess } from "./helpers/process.ts";
import { makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

killLeftovers();

/** The tables of the Python server, with what it kept in them. */
const tables = `
  create table users (username varchar primary key, password_hash varchar not null, email varchar, created_at timestamptz);
  create table assets (name varchar primary key, content_hash varchar not null, asset_type varchar not null,
    tags jsonb, metadata jsonb, owner varchar references users, created_at timestamptz);
  create table activities (id serial primary key, activity_id uuid unique, activity_type varchar, actor_id varchar,
    object_data jsonb, published timestamptz, signature jsonb);
  create table followers (id serial primary key, username varchar references users, acct varchar, url varchar);
  create table user_renderers (username varchar references users, l1_url varchar, primary key (username, l1_url));
  insert into users values ('giles', '$2b$12$hash', null, '2026-01-06T23:00:00Z');
  insert into assets values ('effect:identity', repeat('6', 64), 'effect', '["effect"]', '{}', 'giles', now());
  insert into activities (activity_id, activity_type, actor_id, object_data)
    values ('b75109e8-5aec-4ed6-a398-c3f04d7d9362', 'Create', 'https://artdag.rose-ash.com/users/giles', '{"a": 1}');
  insert into followers (username, acct, url) values ('giles', 'fan@example.com', 'https://example.com/users/fan');
  insert into user_renderers values ('giles', 'https://celery-artdag.rose-ash.com')`;

describe("the data directory and database of the Python server", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const privatePem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicPem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  let env: { ARTDAG_DATA: string; DATABASE_URL: string };

  beforeAll(async () => {
    env = {
      ARTDAG_DATA: await makeTemporaryDirectory(),
      DATABASE_URL: await createTestDatabase({ empty: true }),
    };
    const keys = path.join(env.ARTDAG_DATA, "keys");
    await mkdir(keys, { mode: 0o755 });
    for (const name of ["giles", "mona"]) {
      await writeFile(path.join(keys, `${name}.pem`), privatePem, { mode: 0o644 });
      await writeFile(path.join(keys, `${name}.pub`), publicPem);
    }
    await query(env.DATABASE_URL, tables);
  });

  test("stop a start that does not say under which domain the keys are known, and nothing is changed", async () => {
    const { code, output } = await runToEnd(["dist/src/main.js"], env);
    expect(code).toBe(1);
    expect(output).toContain("export ARTDAG_DOMAIN=");
    expect(output).toContain("export ARTDAG_USER=giles");
    expect(output).toContain("export DATABASE_URL=");
    const rows = await query(env.DATABASE_URL, "select 1 from public.users where username = 'giles'");
    expect(rows).toHaveLength(1);
    expect((await readdir(path.join(env.ARTDAG_DATA, "keys"))).toSorted()).toEqual([
      "giles.pem",
      "giles.pub",
      "mona.pem",
      "mona.pub",
    ]);
  });

  test("with the named lines set, give the same actor the same RSA key and key id, and lose no row", async () => {
    const server = await startProcess({ ...env, ARTDAG_DOMAIN: "artdag.rose-ash.com", ARTDAG_USER: "giles" });
    expect(server.output()).toContain("python_l2");
    const local = `http://localhost:${server.port}`;
    const response = await fetch(`${local}/users/giles`, {
      headers: { Accept: "application/activity+json" },
    });
    const actor = (await response.json()) as { id: string; publicKey: { id: string; publicKeyPem: string } };
    expect(actor.id).toBe("https://artdag.rose-ash.com/users/giles");
    expect(actor.publicKey.id).toBe("https://artdag.rose-ash.com/users/giles#main-key");
    expect(actor.publicKey.publicKeyPem.trim()).toBe(publicPem.trim());

    for (const table of ["users", "assets", "activities", "followers", "user_renderers"]) {
      const rows = await query(env.DATABASE_URL, `select * from python_l2.${table}`);
      expect(rows, table).toHaveLength(1);
    }
    const file = path.join(env.ARTDAG_DATA, "keys/giles.pem");
    expect(await readFile(file, "utf8")).toBe(privatePem);
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const register = (username: string) =>
      fetch(`${local}/auth/register`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ username, password: "correct horse battery" }),
      });
    expect((await register("mona")).status).toBe(422);
    expect((await register("newcomer")).status).toBe(201);
    await server.kill("SIGTERM");
  });

  test("let the administrator give an account to a name whose key is there, and its key is the old one", async () => {
    const settings = { ...env, ARTDAG_DOMAIN: "artdag.rose-ash.com" };
    const { code, output } = await runToEnd(["dist/src/cli/artdag.js", "user", "add", "mona"], settings);
    expect(output).toMatch(
      /mona may sign in at https:\/\/artdag\.rose-ash\.com\/login with the password \S+/,
    );
    expect(code).toBe(0);
    expect(await readFile(path.join(env.ARTDAG_DATA, "keys/mona.pem"), "utf8")).toBe(privatePem);
  });

  test("have their keys completed, not overwritten, by artdag keys", async () => {
    const data = await makeTemporaryDirectory();
    const keys = path.join(data, "keys");
    await mkdir(keys);
    const pkcs1 = createPrivateKey(privatePem).export({ type: "pkcs1", format: "pem" }).toString();
    await writeFile(path.join(keys, "giles.pem"), pkcs1, { mode: 0o600 });
    const run = () => runToEnd(["dist/src/cli/artdag.js", "keys", "--data-dir", data, "--user", "giles"], {});
    const first = await run();
    expect(first.code).toBe(0);
    expect(first.output).toContain("giles.ed25519.pem");
    expect(await readFile(path.join(keys, "giles.pem"), "utf8")).toBe(pkcs1);
    expect((await readFile(path.join(keys, "giles.pub"), "utf8")).trim()).toBe(publicPem.trim());
    const again = await run();
    expect(again.output).toContain("Nothing was changed");
    const wrong = await runToEnd(
      ["dist/src/cli/artdag.js", "keys", "--data-dir", data, "--user", "../x"],
      {},
    );
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain("must be 1 to 30 letters");
  });
});
