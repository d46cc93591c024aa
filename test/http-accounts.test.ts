import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { serve } from "@hono/node-server";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { findFreePort, startTestServer, type TestServer } from "./helpers/server.ts";

const password = "correct horse battery";
const page = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

function postJson(server: TestServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return server.request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** How long a sign-in with a wrong password takes, in milliseconds; the median of several. */
async function measureLogin(server: TestServer, username: string): Promise<number> {
  const times = [];
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    await postJson(server, "/auth/login", { username, password: "wrong horse battery" });
    times.push(performance.now() - start);
  }
  return times.toSorted((left, right) => left - right)[3] ?? 0;
}

describe("accounts", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });

  test("a registration answers with a token that speaks for the new user", async () => {
    const before = Date.now();
    const { status, body, headers } = await server.json("POST", "/auth/register", {
      username: "bob",
      password,
      email: "bob@example.com",
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: "bearer",
      expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/),
      username: "bob",
      actor: `${server.origin}/users/bob`,
    });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(before + 24 * 60 * 60 * 1000);
    expect(headers.get("cache-control")).toBe("private, no-store");

    const me = await server.json("GET", "/auth/me", undefined, body.access_token);
    expect(me.status).toBe(200);
    expect(me.body).toEqual({
      username: "bob",
      actor: `${server.origin}/users/bob`,
      email: "bob@example.com",
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      scopes: ["account"],
    });
    expect(Math.abs(Date.parse(me.body.created_at) - before)).toBeLessThan(60_000);
    expect(me.headers.get("cache-control")).toBe("private, no-store");
  });

  test("a user signs in with JSON and with a form, and both answers have one shape", async () => {
    await server.register("carol");
    const json = await server.json("POST", "/auth/login", { username: "carol", password });
    const form = await server.request("/auth/login", {
      method: "POST",
      body: new URLSearchParams({ username: "carol", password }),
    });
    expect(json.status).toBe(200);
    expect(form.status).toBe(200);
    const fromForm = await form.json();
    expect(Object.keys(fromForm)).toEqual(Object.keys(json.body));
    for (const { access_token: token } of [json.body, fromForm]) {
      const me = await server.json("GET", "/auth/me", undefined, token);
      expect(me.body).toMatchObject({ username: "carol", email: null });
    }
  });

  test("an account can be registered with a form as well", async () => {
    const response = await server.request("/auth/register", {
      method: "POST",
      body: new URLSearchParams({ username: "by_form", password, email: "" }),
    });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ username: "by_form", token_type: "bearer" });
  });

  test("the first user signs in with the password that was printed", async () => {
    expect(server.password).toMatch(/^\S{12,}$/);
    const { status, body } = await server.json("POST", "/auth/login", {
      username: "alice",
      password: server.password,
    });
    expect({ status, username: body.username }).toEqual({ status: 200, username: "alice" });
  });

  test("an unknown user and a wrong password are alike in status, headers and body", async () => {
    await server.register("dave");
    const attempts = [
      { username: "dave", password: "wrong horse battery" },
      { username: "nobody_here", password },
      { username: "no such name!", password },
      { username: "instance.actor", password },
    ];
    const answers = await Promise.all(
      attempts.map(async (attempt) => {
        const response = await postJson(server, "/auth/login", attempt);
        const { date: _date, ...headers } = Object.fromEntries(response.headers);
        return { status: response.status, headers, body: await response.text() };
      }),
    );
    expect(answers[0]).toMatchObject({ status: 401 });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test("a sign-out ends the token at once, and no other token of the user", async () => {
    const first = await server.register("erin");
    const { body } = await server.json("POST", "/auth/login", { username: "erin", password });
    expect((await server.json("POST", "/auth/logout", undefined, first)).status).toBe(204);
    expect((await server.json("GET", "/auth/me", undefined, first)).status).toBe(401);
    expect((await server.json("POST", "/auth/logout", undefined, first)).status).toBe(401);
    expect((await server.json("GET", "/auth/me", undefined, body.access_token)).status).toBe(200);
  });

  test("without a token, or with a broken one, nobody is signed in", async () => {
    for (const authorization of ["", "Bearer", "Bearer x", "Bearer a.b.c", "Basic YTpi", "Bearer a b"]) {
      const response = await server.request("/auth/me", { headers: { Authorization: authorization } });
      expect([authorization, response.status]).toEqual([authorization, 401]);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("of 50 registrations of one name at once one succeeds and the others hear that it is taken", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => postJson(server, "/auth/register", { username: "wanted", password })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([201, ...Array<number>(49).fill(409)]);
    const refused = answers.find(({ status }) => status === 409);
    expect(await refused?.json()).toMatchObject({ errors: [{ field: "username" }] });
    const winner = await answers.find(({ status }) => status === 201)?.json();
    expect((await server.json("GET", "/auth/me", undefined, winner.access_token)).status).toBe(200);
  });

  test("a username is folded to lower case wherever it is typed", async () => {
    const registered = await server.json("POST", "/auth/register", { username: "FrAnK_1", password });
    expect(registered.body).toMatchObject({ username: "frank_1", actor: `${server.origin}/users/frank_1` });
    const again = await server.json("POST", "/auth/register", { username: "FRANK_1", password });
    expect(again.status).toBe(409);
    const login = await server.json("POST", "/auth/login", { username: "Frank_1", password });
    expect(login.body).toMatchObject({ username: "frank_1" });
  });

  test("T27 an email is shown to its owner only", async () => {
    const token = await server.register("grace");
    for (const path of ["/users", "/users/bob", "/", "/users/bob/outbox", "/auth/me"]) {
      for (const accept of ["application/json", page.Accept]) {
        const headers = { Accept: accept, Authorization: `Bearer ${token}` };
        const response = await server.request(path, { headers });
        expect(await response.text()).not.toContain("bob@example.com");
      }
    }
  });

  test("an unknown user costs as much time as a wrong password", async () => {
    const [known, unknown, impossible] = [
      await measureLogin(server, "bob"),
      await measureLogin(server, "nobody"),
      await measureLogin(server, "a b"),
    ];
    expect(unknown).toBeGreaterThan(known / 2);
    expect(impossible).toBeGreaterThan(known / 2);
  });

  test("T40 a username that is a path is refused, and no key file is made of it", async () => {
    const keys = path.join(server.dataDirectory, "keys");
    const before = await readdir(keys);
    for (const username of ["../x", "a/b", "..", "x.pem", "/etc/x", "..%2fx", "a\\b"]) {
      const { status, body } = await server.json("POST", "/auth/register", { username, password });
      expect([username, status, body.errors[0].field]).toEqual([username, 422, "username"]);
    }
    expect(await readdir(keys)).toEqual(before);
    expect(await readdir(server.dataDirectory)).not.toContain("x.pem");
  });

  test("neither password nor token stands in the database", async () => {
    const token = await server.register("heidi");
    const client = new Client({ connectionString: server.databaseUrl });
    await client.connect();
    const { rows } = await client.query(
      "select row_to_json(users)::text as text from users union all select row_to_json(tokens)::text from tokens",
    );
    await client.end();
    const stored = rows.map(({ text }) => text).join("\n");
    expect(stored).toContain("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(stored).not.toContain(password);
    expect(stored).not.toContain(token);
  });
});

describe("a server that takes no new accounts", () => {
  test("refuses to register by JSON and by form, offers no form, and lets its users in", async () => {
    const server = await startTestServer({ ARTDAG_REGISTRATION: "closed" });
    const json = await server.json("POST", "/auth/register", { username: "bob", password });
    expect(json).toMatchObject({ status: 403, body: { title: "Forbidden" } });
    const form = await server.request("/register", {
      method: "POST",
      body: new URLSearchParams({ username: "bob", password }),
      headers: { ...page, Origin: server.origin },
    });
    expect(form.status).toBe(403);
    expect((await server.request("/register", { headers: page })).status).toBe(403);
    const home = await server.request("/", { headers: page });
    expect(await home.text()).not.toContain('href="/register"');
    const login = await server.json("POST", "/auth/login", { username: "alice", password: server.password });
    expect(login.status).toBe(200);
    expect((await server.json("GET", "/")).body.users).toBe(1);
  });
});

describe("a server known under https", () => {
  const origin = "https://artdag.example";
  let server: TestServer;
  let port: number;
  beforeAll(async () => {
    server = await startTestServer({ ARTDAG_ORIGIN: origin });
    const { web, federation } = server.resources;
    port = await findFreePort();
    const { fetch } = createApp({ web, federation, hosts: ["artdag.example"] });
    const listening = serve({ fetch, hostname: "127.0.0.1", port });
    afterAll(() => listening.close());
  });

  /** As the proxy in front of it passes requests on. */
  function send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body = "",
  ): Promise<{ status: number; headers: Headers; text: string }> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => {
          const received = new Headers();
          for (const [name, values] of Object.entries(response.headersDistinct))
            for (const value of values ?? []) received.append(name, value);
          resolve({ status: response.statusCode ?? 0, headers: received, text });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  test("sets a Secure cookie whose name binds it to the host, and takes it back from its own pages only", async () => {
    const form = {
      Host: "artdag.example",
      Origin: origin,
      Accept: "text/html",
      "Content-Type": "application/x-www-form-urlencoded",
    };
    const body = new URLSearchParams({ username: "alice", password: server.password }).toString();
    const signedIn = await send("POST", "/login", form, body);
    expect(signedIn.status).toBe(303);
    const [set = ""] = signedIn.headers.getSetCookie();
    expect(set).toMatch(/^__Host-sid=[\w-]+\.[\w-]+\.[\w-]+; /);
    expect(set.split("; ")).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "Secure", "SameSite=Lax"]));
    expect(set).not.toContain("Domain");
    expect(signedIn.headers.get("strict-transport-security")).toMatch(/^max-age=\d{7,}/);

    const [cookie = ""] = set.split(";");
    const me = await send("GET", "/auth/me", { Host: "artdag.example", Cookie: cookie });
    expect(JSON.parse(me.text)).toMatchObject({ username: "alice", actor: `${origin}/users/alice` });
    const plainName = { Host: "artdag.example", Cookie: cookie.replace("__Host-", "") };
    expect((await send("GET", "/auth/me", plainName)).status).toBe(401);
    const foreign = { ...form, Cookie: cookie, Origin: "https://evil.test" };
    expect((await send("POST", "/auth/logout", foreign)).status).toBe(403);
    expect((await send("POST", "/auth/logout", { ...form, Cookie: cookie })).status).toBe(303);
  });

  test("builds every URL from its origin, whatever Host it is asked by", async () => {
    for (const host of ["artdag.example", "ARTDAG.example", "localhost:1234", "127.0.0.1"]) {
      const { status, text } = await send("GET", "/users/alice", { Host: host });
      expect([host, status]).toEqual([host, 200]);
      expect(JSON.parse(text).id).toBe(`${origin}/users/alice`);
    }
  });

  test("answers no other host's name", async () => {
    for (const host of ["evil.test", "artdag.example.evil.test", "artdag.example:8443"]) {
      const { status, headers } = await send("GET", "/", { Host: host });
      expect([host, status]).toEqual([host, 421]);
      expect(headers.get("content-type")).toBe("application/problem+json");
    }
  });
});
