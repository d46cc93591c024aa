import { beforeAll, describe, expect, test } from "vitest";
import { changePassword } from "../src/accounts/change-password.ts";
import { findSession } from "../src/accounts/tokens.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { createVisitor } from "./helpers/visitor.ts";

const password = "correct horse battery";
const other = "another battery horse";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});

const logIn = (username: string, secret: string, at = server) =>
  at.json("POST", "/auth/login", { username, password: secret });
const isGood = async (token: string) =>
  (await server.json("GET", "/auth/me", undefined, token)).status === 200;
const change = (token: string, body: object, at = server) => at.json("POST", "/auth/password", body, token);

describe("changing the password", () => {
  test("by JSON takes the new one instead of the old one, and ends every other session", async () => {
    const first = await server.register("bob");
    const second = (await logIn("bob", password)).body.access_token;
    const { status, body } = await change(second, { current_password: password, new_password: other });
    expect({ status, body }).toEqual({ status: 204, body: undefined });
    expect(await isGood(first)).toBe(false);
    expect(await isGood(second)).toBe(true);
    expect((await logIn("bob", password)).status).toBe(401);
    expect((await logIn("bob", other)).status).toBe(200);
    const rows = await query<{ hash: string }>(
      server.databaseUrl,
      "select password_hash as hash from users where username = 'bob'",
    );
    expect(rows[0]?.hash).toMatch(/^\$argon2id\$/);
  });

  test("by the page does the same, and leaves the sessions of others alone", async () => {
    const stranger = await server.register("stranger");
    const program = await server.register("carol");
    const browser = createVisitor(server);
    await browser.submit("/login", { username: "carol", password });
    const page = await (await browser.open("/settings/password")).text();
    expect(page).toContain("Current password");
    const done = await browser.submit("/settings/password", {
      current_password: password,
      new_password: other,
    });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain("It is changed");
    expect((await browser.open("/settings/password")).status).toBe(200);
    expect(await isGood(program)).toBe(false);
    expect(await isGood(stranger)).toBe(true);
    expect((await logIn("carol", other)).status).toBe(200);
  });

  test("is refused without the current one, and with one that is no password, and changes nothing", async () => {
    const token = await server.register("dave");
    const keep = await server.register("dave_other");
    for (const current_password of ["wrong horse", "", null, undefined]) {
      const { status, body } = await change(token, { current_password, new_password: other });
      expect(status).toBe(403);
      expect(body.errors).toEqual([{ field: "current_password", message: "is wrong" }]);
    }
    for (const new_password of [
      "short",
      "",
      "x".repeat(1025),
      "nul\0nul\0nul",
      12_345_678,
      null,
      undefined,
    ]) {
      const { status } = await change(token, { current_password: password, new_password });
      expect(status).toBe(422);
    }
    expect((await change("nobody", { current_password: password, new_password: other })).status).toBe(401);
    expect((await logIn("dave", password)).status).toBe(200);
    expect(await isGood(keep)).toBe(true);
  });

  test("shows on the page what is wrong, at its field, and never a password", async () => {
    const browser = createVisitor(server);
    await browser.submit("/register", { username: "erin", password });
    const wrong = await browser.submit("/settings/password", {
      current_password: "wrong horse battery",
      new_password: other,
    });
    expect(wrong.status).toBe(403);
    const page = await wrong.text();
    expect(page).toContain('<a href="#field-current_password">Current password: is wrong</a>');
    expect(page).not.toMatch(/wrong horse battery|another battery horse/);
    const short = await browser.submit("/settings/password", {
      current_password: password,
      new_password: "shorty",
    });
    expect(short.status).toBe(422);
    expect(await short.text()).not.toMatch(/shorty|correct horse/);
  });

  test("T35 counts as a sign-in, so that a session that was found does not tell the password", async () => {
    const strict = await startTestServer({ LIMIT_LOGIN_ACCOUNT: "3" });
    const token = await strict.register("frank");
    const statuses = [];
    for (let round = 0; round < 2; round++) {
      const { status } = await change(token, { current_password: "no", new_password: other }, strict);
      statuses.push(status);
    }
    statuses.push((await logIn("frank", "wrong", strict)).status);
    statuses.push((await change(token, { current_password: password, new_password: other }, strict)).status);
    expect(statuses).toEqual([403, 403, 401, 429]);
  });

  test("of two that were begun with one current password the later one is refused", async () => {
    const { web } = server.resources;
    const one = await findSession(web, await server.register("gina"));
    const two = await findSession(web, (await logIn("gina", password)).body.access_token);
    if (one == null || two == null) throw new Error("nobody is signed in");
    const results = [
      await changePassword(web, one, { current: password, next: "password of one" }),
      await changePassword(web, two, { current: password, next: "password of two" }),
    ];
    expect(results).toEqual(["changed", "wrong_password"]);
    expect((await logIn("gina", "password of one")).status).toBe(200);
  });

  test("is for who is signed in: pages send others to sign in first", async () => {
    const page = await createVisitor(server).open("/settings/password");
    expect(page.headers.get("location")).toBe("/login?next=%2Fsettings%2Fpassword");
    expect((await server.json("POST", "/auth/password", {})).status).toBe(401);
  });
});
