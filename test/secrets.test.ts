import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import { eventually, makeTemporaryDirectory } from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";

killLeftovers();

test("no private key, password or token stands in the database or the log of a server that was used", async () => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    ARTDAG_LOG: "debug",
  };
  const server = await startProcess(env);
  const printed = /password +(\S+)/.exec(server.output())?.[1] ?? "";
  const inbox = await openFakeInbox();
  const broken = await openFakeInbox(() => 500);
  const secrets = { password: "a password nobody guesses", printed };

  const post = async (url: string, body: unknown, token?: string) => {
    const response = await fetch(server.origin + url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token == null ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { access_token: string };
  };
  const { access_token: token } = await post("/auth/register", {
    username: "zoe",
    password: secrets.password,
  });
  const { access_token: second } = await post("/auth/login", { username: "zoe", password: secrets.password });
  await post("/auth/login", { username: "giles", password: secrets.printed });
  await post("/auth/login", { username: "zoe", password: "wrong password" });
  await insertFollower(env.DATABASE_URL, "zoe", inbox.origin);
  await insertFollower(env.DATABASE_URL, "zoe", broken.origin);
  await post("/assets", { name: "work", content_hash: "c".repeat(64), asset_type: "video" }, token);
  await post("/users/zoe/following", { handle: `${inbox.origin}/users/nobody` }, second);
  await eventually("the post is delivered", async () => (inbox.received.length > 0 ? true : undefined));
  await eventually("the failure is noted", async () => {
    const rows = await query(env.DATABASE_URL, "select 1 from deliveries where last_error is not null");
    return rows.length > 0 ? true : undefined;
  });

  const keys = path.join(env.ARTDAG_DATA, "keys");
  const privateKeys = (await readdir(keys)).filter((file) => file.endsWith(".pem"));
  const bodies = await Promise.all(privateKeys.map((file) => readFile(path.join(keys, file), "utf8")));
  expect(bodies.length).toBe(6);
  const jwtSecret = (await readFile(path.join(env.ARTDAG_DATA, "jwt_secret"), "utf8")).trim();

  const database = await dump(env.DATABASE_URL);
  expect(database).toContain("zoe");
  expect(database).toContain("pgboss.");
  const log = server.output().replaceAll(/^ +password .*$/gm, "");
  expect(log.length).toBeGreaterThan(100);
  for (const [where, text] of Object.entries({ database, log })) {
    expect(text, where).not.toContain("PRIVATE KEY");
    expect(text, where).not.toMatch(/"d"\s*:/);
    for (const secret of [secrets.password, secrets.printed, token, second, jwtSecret, "wrong password"]) {
      expect(secret).not.toBe("");
      expect(text.includes(secret), where).toBe(false);
    }
    for (const pem of bodies) {
      const line = pem.split("\n")[1] ?? "";
      expect(line.length).toBeGreaterThan(40);
      expect(text.includes(line), where).toBe(false);
    }
  }
});
