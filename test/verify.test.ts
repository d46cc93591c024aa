import { createRemoteJWKSet, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { startStubL1, type StubL1 } from "./helpers/stub-l1.ts";

const once = "https://once.example";
const other = "https://other.example";
const bad = { valid: false, active: false };

let server: TestServer;
let neighbour: TestServer;
let l1: StubL1;
let alice: string;

beforeAll(async () => {
  l1 = await startStubL1(() => server.address);
  const env = {
    ARTDAG_ORIGIN: "https://l2.test",
    L1_SERVERS: [l1.origin, once, other].join(),
    L1_ONE_TIME: once,
  };
  server = await startTestServer(env);
  const { databaseUrl: DATABASE_URL, dataDirectory: ARTDAG_DATA } = server;
  neighbour = await startTestServer({ ...env, DATABASE_URL, ARTDAG_DATA });
  alice = await login("alice", server.password);
});

async function login(username: string, password: string): Promise<string> {
  return (await server.json("POST", "/auth/login", { username, password })).body.access_token;
}

/** Attaches a user, and gives the token in the address to which the browser is sent. */
async function attach(token: string, l1Server = l1.origin, scopes?: string[]): Promise<string> {
  const { status, headers } = await server.json("POST", "/renderers", { l1_server: l1Server, scopes }, token);
  expect(status).toBe(303);
  return new URL(headers.get("location") ?? "").searchParams.get("auth_token") ?? "";
}

function post(body: BodyInit | null, headers: Record<string, string> = {}, on = server): Promise<Response> {
  return on.request("/auth/verify", { method: "POST", body, headers });
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const json = { "Content-Type": "application/json" };
const form = { "Content-Type": "application/x-www-form-urlencoded" };

async function isGood(token: string, on = server): Promise<boolean> {
  return (await post(null, bearer(token), on)).status === 200;
}

describe("a renderer that knows the four steps only", () => {
  test("is handed a token, verifies it, signs the user in by its own cookie, and is recorded", async () => {
    const { headers } = await server.json("POST", "/renderers", { l1_server: l1.origin }, alice);
    const arrived = await fetch(headers.get("location") ?? "", { redirect: "manual" });
    expect(arrived.status).toBe(303);
    const cookie = arrived.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(l1.origin, { headers: { Cookie: cookie } });
    expect(await page.text()).toContain("Hello alice");
    const rows = await query(
      server.databaseUrl,
      `select l1_server, first_verified = last_verified as once from user_renderers
       where user_id = (select id from users where username = 'alice')`,
    );
    expect(rows).toEqual([{ l1_server: l1.origin, once: true }]);
  });

  test("may ask again, and the last time is kept beside the first", async () => {
    const token = await attach(alice);
    await l1.verify(token);
    await l1.verify(token);
    const [row] = await query<{ later: boolean; used: boolean }>(
      server.databaseUrl,
      `select last_verified > first_verified as later,
         exists (select 1 from tokens t where t.audience = l1_server and t.used = last_verified) as used
       from user_renderers where l1_server = $1`,
      [l1.origin],
    );
    expect(row).toEqual({ later: true, used: true });
  });
});

describe("/auth/verify", () => {
  test("answers in simple words and in those of RFC 7662", async () => {
    const token = await attach(alice);
    const response = await post(null, bearer(token));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const body = await response.json();
    expect(body).toEqual({
      valid: true,
      active: true,
      username: "alice",
      sub: "https://l2.test/users/alice",
      iss: "https://l2.test",
      aud: l1.origin,
      scope: "renderer record-run",
      exp: expect.any(Number),
      iat: expect.any(Number),
    });
    expect(body.exp - body.iat).toBe(30 * 24 * 60 * 60);
  });

  test.each<[string, (token: string) => Promise<Response>]>([
    ["JSON", (token) => post(JSON.stringify({ token }), json)],
    ["a form", (token) => post(new URLSearchParams({ token }))],
    ["the header with no body", (token) => post(null, bearer(token))],
    ["the header with an empty body called JSON", (token) => post("", { ...bearer(token), ...json })],
    ["the header with an empty body called a form", (token) => post("", { ...bearer(token), ...form })],
    ["the header with an empty object", (token) => post("{}", { ...bearer(token), ...json })],
    ["a GET", (token) => server.request("/auth/verify", { headers: bearer(token) })],
    [
      "a GET for a browser's eyes",
      (token) => server.request("/auth/verify", { headers: { ...bearer(token), Accept: "text/html" } }),
    ],
    [
      "a POST with the origin of a page elsewhere",
      (token) => post(null, { ...bearer(token), Origin: other, "Sec-Fetch-Site": "cross-site" }),
    ],
    [
      "a form with the origin of a page elsewhere",
      (token) => post(new URLSearchParams({ token }), { Origin: other, "Sec-Fetch-Site": "cross-site" }),
    ],
    [
      "a form of a caller who authenticates himself",
      (token) => post(new URLSearchParams({ token }), { Authorization: "Basic eDp5" }),
    ],
    ["JSON with the caller's name", (token) => post(JSON.stringify({ token, l1_server: l1.origin }), json)],
    [
      "JSON with the caller's name and a slash",
      (token) => post(JSON.stringify({ token, l1_server: `${l1.origin}/` }), json),
    ],
    [
      "a GET with the caller's name",
      (token) => server.request(`/auth/verify?l1_server=${l1.origin}`, { headers: bearer(token) }),
    ],
  ])("takes %s, for a renderer's token and for a user's own", async (_what, ask) => {
    for (const token of [await attach(alice), alice]) {
      const response = await ask(token);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ valid: true, username: "alice" });
    }
  });

  test("says of a user's own token that it is for this server and everything", async () => {
    const { body } = await server.json("POST", "/auth/verify", { token: alice });
    expect(body).toMatchObject({
      sub: "https://l2.test/users/alice",
      aud: "https://l2.test",
      scope: "account",
    });
  });

  test.each<[string, () => Promise<Response>]>([
    ["no token", () => post(null)],
    ["a token that is none", () => post(null, bearer("token"))],
    ["an empty form", () => post("", form)],
    ["null", () => post('{"token": null}', json)],
    [
      "two tokens that differ",
      async () => post(JSON.stringify({ token: alice }), { ...bearer("x"), ...json }),
    ],
    ["the cookie of a page", () => post(null, { Cookie: `sid=${alice}; __Host-sid=${alice}` })],
    ["a token in a GET's address", () => server.request(`/auth/verify?token=${alice}`)],
    [
      "a caller that is no renderer",
      () => post(JSON.stringify({ token: alice, l1_server: "https://x" }), json),
    ],
  ])("answers %s as every other that is not good", async (_what, ask) => {
    const response = await ask();
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual(bad);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("is limited by address, whoever the token is of", async () => {
    const { databaseUrl: DATABASE_URL, dataDirectory: ARTDAG_DATA } = server;
    const narrow = await startTestServer({
      DATABASE_URL,
      ARTDAG_DATA,
      ARTDAG_ORIGIN: "https://l2.test",
      LIMIT_VERIFY: "3",
      TRUSTED_PROXIES: "127.0.0.1",
    });
    const from = (address: string) => post(null, { ...bearer(alice), "X-Forwarded-For": address }, narrow);
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) statuses.push((await from("192.0.2.1")).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await from("192.0.2.1");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await from("192.0.2.2")).status).toBe(200);
  });
});

describe("a token that is good once", () => {
  test("is verified by one of many who ask at the same moment, on any process, and lasts a minute", async () => {
    const token = await attach(alice, once);
    const asked = [server, neighbour, server, neighbour, server, neighbour].map((on) =>
      post(null, bearer(token), on),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401, 401, 401, 401, 401]);
    const body = await answers.find(({ status }) => status === 200)?.json();
    expect(body.exp - body.iat).toBeLessThanOrEqual(60);
  });
});

describe("a token ends", () => {
  test("when its user detaches: at once, on every process", async () => {
    const [first, second] = [await attach(alice), await attach(alice)];
    const kept = await attach(alice, other);
    expect(await isGood(first, neighbour)).toBe(true);
    const { status } = await server.json("DELETE", "/renderers", { l1_server: l1.origin }, alice);
    expect(status).toBe(204);
    expect([await isGood(first, neighbour), await isGood(second), await isGood(kept)]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await l1.verify(first)).status).toBe(401);
  });

  test.each<[string, (token: string) => RequestInit]>([
    ["a form", (token) => ({ body: new URLSearchParams({ token, token_type_hint: "access_token" }) })],
    ["JSON", (token) => ({ body: JSON.stringify({ token }), headers: json })],
    ["the header", (token) => ({ headers: bearer(token) })],
  ])("when it is revoked by %s: at once, on every process, and only that one", async (_what, make) => {
    for (const [token, kept] of [
      [await attach(alice), await attach(alice)],
      [await login("alice", server.password), alice],
    ] as const) {
      const response = await neighbour.request("/auth/revoke", { method: "POST", ...make(token) });
      expect(response.status).toBe(200);
      expect([await isGood(token), await isGood(token, neighbour), await isGood(kept)]).toEqual([
        false,
        false,
        true,
      ]);
    }
  });

  test("once: revoking what is unknown, forged or revoked is a success that changes nothing", async () => {
    const token = await attach(alice);
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    for (const text of ["unknown", forged, `${alice.slice(0, -8)}AAAAAAAA`]) {
      const response = await server.request("/auth/revoke", {
        method: "POST",
        body: new URLSearchParams({ token: text }),
      });
      expect(response.status).toBe(200);
    }
    expect([await isGood(token), await isGood(alice)]).toEqual([true, true]);
    const nothing = await server.request("/auth/revoke", { method: "POST" });
    expect(nothing.status).toBe(400);
  });

  test("when it expires, whatever the row or the token says", async () => {
    const token = await attach(alice);
    expect(await isGood(token)).toBe(true);
    await query(server.databaseUrl, "update tokens set expires = now() where audience = $1", [l1.origin]);
    expect(await isGood(token)).toBe(false);
  });

  test("when its user is suspended", async () => {
    const carol = await server.register("carol");
    const token = await attach(carol);
    expect(await isGood(token)).toBe(true);
    await server.json("POST", "/admin/users/carol/suspend", undefined, alice);
    for (const ended of [token, carol])
      expect([await isGood(ended), await isGood(ended, neighbour)]).toEqual([false, false]);
    await server.json("POST", "/admin/users/carol/unsuspend", undefined, alice);
    expect(await isGood(token)).toBe(false);
  });
});

describe("the public keys", () => {
  test("let a renderer check a token without asking, and are cacheable", async () => {
    const token = await attach(alice);
    const url = new URL("/.well-known/jwks.json", server.address);
    const { payload } = await jwtVerify(token, createRemoteJWKSet(url), {
      algorithms: ["ES256"],
      issuer: "https://l2.test",
      audience: l1.origin,
    });
    expect(payload).toMatchObject({ username: "alice", scope: "renderer record-run" });
    const response = await fetch(url);
    expect(response.headers.get("cache-control")).toBe("public, max-age=3600");
    const { keys } = await response.json();
    expect(keys).toEqual([
      {
        kty: "EC",
        crv: "P-256",
        alg: "ES256",
        use: "sig",
        kid: expect.stringMatching(/^[\w-]{43}$/),
        x: expect.stringMatching(/^[\w-]{43}$/),
        y: expect.stringMatching(/^[\w-]{43}$/),
      },
    ]);
    expect(await (await neighbour.request("/.well-known/jwks.json")).json()).toEqual({ keys });
  });
});
