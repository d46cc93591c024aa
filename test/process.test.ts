import { readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { killLeftovers, runToEnd, startProcess } from "./helpers/process.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { makeTemporaryDirectory } from "./helpers/server.ts";

killLeftovers();

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  return await response.json();
}

describe("a server as a newcomer starts it", () => {
  test("makes its database, keys and first user, says how to sign in, and keeps all of it for the next start", async () => {
    const data = path.join(await makeTemporaryDirectory(), "l2");
    const first = await startProcess({ ARTDAG_DATA: data });
    const password = /password +(\S+)/.exec(first.output())?.[1];
    expect(first.output()).toContain(`Sign in at ${first.origin}/login`);
    expect(password).toBeDefined();
    const login = await fetch(`${first.origin}/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "giles", password }),
    });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const asset = { name: "first", content_hash: "a".repeat(64), asset_type: "image" };
    const created = await fetch(`${first.origin}/assets`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(asset),
    });
    expect(created.status).toBe(201);
    const bytes = await (await fetch(`${first.origin}/activities/0`)).text();
    expect(await first.kill("SIGTERM")).toBe(0);

    const second = await startProcess({ ARTDAG_DATA: data, PORT: String(first.port) });
    expect(second.output()).not.toContain("password ");
    expect(await getJson(`${second.origin}/assets`)).toMatchObject({ total: 1 });
    expect(await (await fetch(`${second.origin}/activities/0`)).text()).toBe(bytes);

    // The token of the first run is good for the second: the secret stayed.
    const me = await fetch(`${second.origin}/auth/me`, { headers: { Authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
    expect(await second.kill("SIGINT")).toBe(0);
  });

  test("takes over the database of a server that was killed, without loss", async () => {
    const data = path.join(await makeTemporaryDirectory(), "l2");
    const first = await startProcess({ ARTDAG_DATA: data });
    const body = JSON.stringify({ username: "zoe", password: "correct horse battery" });
    const headers = { "Content-Type": "application/json" };
    const registered = await fetch(`${first.origin}/auth/register`, { method: "POST", headers, body });
    expect(registered.status).toBe(201);
    await first.kill("SIGKILL");
    const second = await startProcess({ ARTDAG_DATA: data, PORT: String(first.port) });
    const login = await fetch(`${second.origin}/auth/login`, { method: "POST", headers, body });
    expect(login.status).toBe(200);
    expect(await second.kill("SIGTERM")).toBe(0);
  });

  test("keeps what is secret to itself", async () => {
    const data = path.join(await makeTemporaryDirectory(), "l2");
    const server = await startProcess({ ARTDAG_DATA: data });
    await server.kill("SIGTERM");
    for (const file of ["jwt_secret", "postgres.password", "keys/giles.pem", "keys/giles.ed25519.pem"]) {
      expect((await stat(path.join(data, file))).mode & 0o777, file).toBe(0o600);
    }
    expect((await stat(path.join(data, "keys"))).mode & 0o777).toBe(0o700);
    expect(server.output()).not.toContain((await readFile(path.join(data, "jwt_secret"), "utf8")).trim());
  });

  test("lists everything that is wrong with its configuration, and ends with 1", async () => {
    const { code, output } = await runToEnd(["dist/src/main.js"], {
      PORT: "eighty",
      ARTDAG_DOMAIN: "https://example.com/x",
      ARTDAG_ROLE: "king",
      JWT_SECRET: "short",
      DATABASE_URL: "mysql://secret@host",
      L1_SERVERS: "ftp://x",
      ARTDAG_USER: "No Body",
    });
    expect(code).toBe(1);
    const names = [
      "PORT",
      "ARTDAG_DOMAIN",
      "ARTDAG_ROLE",
      "JWT_SECRET",
      "DATABASE_URL",
      "L1_SERVERS",
      "ARTDAG_USER",
    ];
    for (const name of names) expect(output).toContain(`${name}:`);
    expect(output).toContain("openssl rand -hex 32");
    expect(output).not.toContain("secret@host");
    expect(output).not.toMatch(/ at .*\.js:/);
  });

  test("refuses another origin than that of its database, and says what to set", async () => {
    const data = path.join(await makeTemporaryDirectory(), "l2");
    const env = { ARTDAG_DATA: data, DATABASE_URL: await createTestDatabase() };
    const first = await startProcess(env);
    await first.kill("SIGTERM");
    const { code, output } = await runToEnd(["dist/src/main.js"], { ...env, ARTDAG_DOMAIN: "other.example" });
    expect(code).toBe(1);
    expect(output).toContain(`export ARTDAG_ORIGIN=${first.origin}`);
  });

  test("refuses to go on without the secret of withdrawn names, or with another one, and starts with its own", async () => {
    const data = path.join(await makeTemporaryDirectory(), "l2");
    const env = { ARTDAG_DATA: data, DATABASE_URL: await createTestDatabase() };
    const first = await startProcess(env);
    await first.kill("SIGTERM");
    const secret = path.join(data, "burn_secret");
    const saved = await readFile(secret, "utf8");
    const again = { ...env, PORT: String(first.port) };
    for (const other of [undefined, "ab".repeat(32)]) {
      await rm(secret);
      if (other != null) await writeFile(secret, other, { mode: 0o600 });
      const { code, output } = await runToEnd(["dist/src/main.js"], again);
      expect(code).toBe(1);
      expect(output).toContain(`Restore the file\nfrom the backup of ${data}`);
      expect(await readFile(secret, "utf8").catch(() => undefined)).toBe(other);
      await writeFile(secret, saved, { mode: 0o600 });
    }
    const last = await startProcess(again);
    expect(await last.kill("SIGTERM")).toBe(0);
  });

  test("shares its port and database among as many processes as are asked for", async () => {
    const env = { ARTDAG_DATA: await makeTemporaryDirectory(), DATABASE_URL: await createTestDatabase() };
    const server = await startProcess({ ...env, ARTDAG_PROCESSES: "2" });
    expect(await getJson(`${server.origin}/readyz`)).toMatchObject({ status: "ready" });
    expect(await server.kill("SIGTERM")).toBe(0);
  });
});
