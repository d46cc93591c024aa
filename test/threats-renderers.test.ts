import { createHmac, createPrivateKey, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { base64url } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import { makeTemporaryDirectory, startTestServer, type TestServer } from "./helpers/server.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { query } from "./helpers/sql.ts";
import { startStubL1 } from "./helpers/stub-l1.ts";

killLeftovers();

const l1 = "https://l1.example:8443";
const other = "https://other.example";
const origin = "https://l2.test";
let server: TestServer;
let alice: string;
/** A good token for `l1`, and what it says. */
let token: string;
let header: Record<string, unknown>;
let claims: Record<string, unknown>;
let privateKey: string;
let publicKey: string;

beforeAll(async () => {
  server = await startTestServer(
    { ARTDAG_ORIGIN: origin, L1_SERVERS: `${l1},${other}` },
    { lookup: () => Promise.reject(new Error("no name is known here")) },
  );
  alice = await server.logIn();
  token = await attach(l1);
  [header = {}, claims = {}] = token
    .split(".", 2)
    .map((part) => JSON.parse(new TextDecoder().decode(base64url.decode(part))));
  privateKey = await readFile(path.join(server.dataDirectory, "token_key.pem"), "utf8");
  const { keys } = (await server.json("GET", "/.well-known/jwks.json")).body;
  publicKey = JSON.stringify(keys[0]);
});

async function attach(l1Server: string, scopes?: string[]): Promise<string> {
  const { headers } = await server.json("POST", "/renderers", { l1_server: l1Server, scopes }, alice);
  return new URL(headers.get("location") ?? "").searchParams.get("auth_token") ?? "";
}

/** All that could have come of a request here. */
async function readRows(): Promise<string> {
  const tables = ["tokens", "user_renderers", "users", "assets", "blocks", "following"];
  const parts = tables.map((table) => `(select jsonb_agg(t order by t::text) from ${table} t)::text`);
  const [row] = await query<{ rows: string }>(
    server.databaseUrl,
    `select concat_ws('|', ${parts.join(", ")}) as rows`,
  );
  return row?.rows ?? "";
}

function verify(body: Record<string, string>) {
  return server.json("POST", "/auth/verify", body);
}

const encode = (part: object | string) =>
  base64url.encode(typeof part === "string" ? part : JSON.stringify(part));

const es256 = (data: string, key = createPrivateKey(privateKey)) =>
  sign("sha256", Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");

/** The good token but for what is changed; `undefined` leaves a member out. Signed as ours are, or otherwise. */
function forge(
  change: { header?: Record<string, unknown>; claims?: Record<string, unknown> },
  signature: (data: string) => string = es256,
): string {
  const parts = [
    { ...header, ...change.header },
    { ...claims, ...change.claims },
  ];
  const data = parts.map(encode).join(".");
  return `${data}.${signature(data)}`;
}

describe("T31 a renderer that was given a token", () => {
  test("can do nothing with it but have it verified", async () => {
    const asset = { name: "stolen", content_hash: "a".repeat(64), asset_type: "image" };
    const before = await readRows();
    for (const [method, address, body] of [
      ["POST", "/assets", asset],
      ["PATCH", "/users/alice", { name: "Mallory" }],
      ["GET", "/auth/me", undefined],
      ["GET", "/auth/sessions", undefined],
      ["DELETE", "/auth/sessions", undefined],
      ["DELETE", `/auth/sessions/${randomUUID()}`, undefined],
      ["POST", "/auth/logout", undefined],
      ["GET", "/renderers", undefined],
      ["POST", "/renderers", { l1_server: other }],
      ["DELETE", "/renderers", { l1_server: l1 }],
      ["GET", "/home", undefined],
      ["GET", "/settings", undefined],
      ["POST", "/settings/blocks", { kind: "domain", target: "evil.test" }],
      ["POST", "/users/alice/following", { handle: "@a@b.test" }],
    ] as const) {
      const { status } = await server.json(method, address, body, token);
      expect(status, `${method} ${address}`).toBe(401);
    }
    expect(await readRows()).toEqual(before);
    expect((await verify({ token })).status).toBe(200);
  });

  test("can't use it as the cookie of a page", async () => {
    const response = await server.request("/auth/me", { headers: { Cookie: `__Host-sid=${token}` } });
    expect(response.status).toBe(401);
  });

  test("is refused another's when it says who it is, and nothing is noted", async () => {
    const theirs = await attach(other);
    const before = await readRows();
    for (const [given, caller] of [
      [token, other],
      [theirs, l1],
      [token, "https://unknown.example"],
      [token, "not an origin"],
      [token, `${l1}/path`],
      [token, ""],
    ] as const) {
      const { status, body } = await verify({ token: given, l1_server: caller });
      expect({ status, body }, caller).toEqual({ status: 401, body: { valid: false, active: false } });
    }
    expect(await readRows()).toEqual(before);
    expect((await verify({ token, l1_server: l1 })).status).toBe(200);
  });

  test("is told what its user allows now, and not what the token once said", async () => {
    const wide = await attach(other, ["renderer", "record-run"]);
    await attach(other, ["renderer"]);
    expect((await verify({ token: wide })).body).toMatchObject({ scope: "renderer" });
  });
});

describe("T32 attaching leads nowhere but to a renderer of the configuration", () => {
  const attempts = [
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "https:evil.test",
    "javascript:alert(1)",
    "data:text/html,hello",
    `${l1}\r\nSet-Cookie: a=b`,
    `${l1}\r\n`,
    `${l1}\t`,
    ` ${l1}`,
    "https://l1\n.example:8443",
    "https://l1.example:8443@evil.test",
    "https://user:pass@l1.example:8443",
    "https://@l1.example:8443",
    "https://l1.example",
    "https://l1.example:8444",
    "http://l1.example:8443",
    "https://l1.example.:8443",
    "https://l1.example.evil.test:8443",
    "https://evil.test/https://l1.example:8443",
    `${l1}/path`,
    `${l1}/?next=//evil.test`,
    `${l1}?`,
    `${l1}#`,
    `${l1}\\@evil.test`,
    `${l1}/..//evil.test`,
    "",
    "null",
  ];

  test.each(attempts)("%j is refused with 400 and no row, as JSON and as a form", async (l1Server) => {
    const before = await readRows();
    const asJson = await server.json("POST", "/renderers", { l1_server: l1Server }, alice);
    expect(asJson.status).toBe(400);
    expect(asJson.headers.get("location")).toBeNull();
    expect(asJson.body).toMatchObject({ errors: [{ field: "l1_server" }] });
    expect(asJson.body.detail).toContain(`${l1}, ${other}`);
    const asForm = await server.request("/renderers", {
      method: "POST",
      headers: { Authorization: `Bearer ${alice}`, Accept: "text/html" },
      body: new URLSearchParams({ l1_server: l1Server, scopes: "renderer" }),
    });
    expect(asForm.status).toBe(400);
    expect(asForm.headers.get("location")).toBeNull();
    expect(await asForm.text()).toContain("must be one of the renderers of this server");
    expect(await readRows()).toEqual(before);
  });

  test("the origin is compared as URLs are, and the address is the configured one's", async () => {
    for (const spelling of [l1, `${l1}/`, "HTTPS://L1.Example:8443", `${other}:443`]) {
      const { status, headers } = await server.json("POST", "/renderers", { l1_server: spelling }, alice);
      expect(status, spelling).toBe(303);
      expect(headers.get("location")).toMatch(
        /^https:\/\/(l1\.example:8443|other\.example)\/auth\?auth_token=ey/,
      );
    }
  });

  test("a page elsewhere, or nobody at all, attaches nothing", async () => {
    const before = await readRows();
    const body = new URLSearchParams({ l1_server: l1 });
    const cookie = { Cookie: `__Host-sid=${alice}` };
    const foreign = { ...cookie, Origin: "https://evil.test", "Sec-Fetch-Site": "cross-site" };
    for (const [headers, status] of [
      [foreign, 403],
      [cookie, 403],
      [{}, 401],
    ] as const) {
      const response = await server.request("/renderers", { method: "POST", headers, body });
      expect(response.status).toBe(status);
    }
    expect(await readRows()).toEqual(before);
  });

  test("the answer tells nobody else of the token: no referrer, no cache, no body", async () => {
    const response = await server.request("/renderers", {
      method: "POST",
      headers: { Authorization: `Bearer ${alice}`, "Content-Type": "application/json" },
      body: JSON.stringify({ l1_server: l1 }),
    });
    expect(response.status).toBe(303);
    expect(response.headers.get("referrer-policy")).toBe("no-referrer");
    expect(response.headers.get("cache-control")).toContain("no-store");
    expect(await response.text()).toBe("");
    const page = await server.request("/renderers", {
      headers: { Authorization: `Bearer ${alice}`, Accept: "text/html" },
    });
    expect(page.headers.get("content-security-policy")).toContain(`form-action 'self' ${l1} ${other};`);
    expect(page.headers.get("referrer-policy")).toBe("same-origin");
  });

  test("a token is in no log and no table, whatever is done with it and however much is logged", async () => {
    const databaseUrl = await createTestDatabase();
    const stub = await startStubL1(() => running.origin);
    const running = await startProcess({
      DATABASE_URL: databaseUrl,
      ARTDAG_DATA: await makeTemporaryDirectory(),
      ARTDAG_LOG: "debug",
      L1_SERVERS: stub.origin,
    });
    const password = /password +(\S+)/.exec(running.output())?.[1] ?? "";
    const call = (address: string, init: RequestInit) =>
      fetch(running.origin + address, { redirect: "manual", ...init });
    const login = await call("/auth/login", {
      method: "POST",
      body: new URLSearchParams({ username: "giles", password }),
    });
    const { access_token: session } = await login.json();
    const headers = { Authorization: `Bearer ${session}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ l1_server: stub.origin });
    const attached = await call("/renderers", { method: "POST", headers, body });
    await fetch(attached.headers.get("location") ?? "");
    const made = stub.received[0]?.token ?? "";
    expect((await stub.verify(made)).status).toBe(200);
    await call(`/auth?auth_token=${made}`, {});
    await call(`/renderers?auth_token=${made}`, { headers: { Accept: "text/html" } });
    await call(`/auth/verify?token=${made}&auth_token=${made}`, {});
    await call("/auth/verify", { method: "POST", body: `{"token": "${made}"`, headers });
    await call("/inbox", { method: "POST", body: made, headers: { Authorization: `Bearer ${made}` } });
    await call("/auth/revoke", { method: "POST", body: new URLSearchParams({ token: made }) });
    await running.kill("SIGTERM");
    for (const secret of [made, session].flatMap((text) => text.split("."))) {
      // Its header is the same in every token.
      if (secret === made.split(".")[0] || secret === session.split(".")[0]) continue;
      expect(running.output()).not.toContain(secret);
      const rows = await query<{ row: string }>(databaseUrl, "select t::text as row from tokens t");
      expect(rows.map(({ row }) => row).join()).not.toContain(secret);
    }
    expect(running.output()).not.toContain("auth_token=");
    expect(stub.received).toEqual([{ token: made, referrer: undefined }]);
  });
});

describe("T34 a renderer's token that was forged is answered as any that is not good", () => {
  const hmac = (key: string) => (data: string) => createHmac("sha256", key).update(data).digest("base64url");
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const strangerJwk = stranger.publicKey.export({ format: "jwk" });
  const byStranger = (data: string) => es256(data, stranger.privateKey);
  const now = () => Math.floor(Date.now() / 1000);

  test("made by hand in the same way it is good, so that what follows fails for one reason", async () => {
    expect((await verify({ token: forge({}) })).body).toMatchObject({ valid: true, username: "alice" });
  });

  test.each<[string, () => string]>([
    ["alg none without a signature", () => forge({ header: { alg: "none" } }, () => "")],
    ["alg None with ours", () => forge({ header: { alg: "None" } })],
    ["alg none in another spelling", () => forge({ header: { alg: "nOnE" } }, () => "")],
    [
      "HS256 over the public key as JWK",
      () => forge({ header: { alg: "HS256" } }, (data) => hmac(publicKey)(data)),
    ],
    ["HS256 over its key id", () => forge({ header: { alg: "HS256" } }, hmac(String(header["kid"])))],
    ["HS256 over nothing", () => forge({ header: { alg: "HS256" } }, hmac(""))],
    ["RS256 over our signature", () => forge({ header: { alg: "RS256" } })],
    ["ES384 over our signature", () => forge({ header: { alg: "ES384" } })],
    ["a signature of zeros", () => forge({}, () => base64url.encode(new Uint8Array(64)))],
    [
      "a signature in DER",
      () => forge({}, (data) => sign("sha256", Buffer.from(data), privateKey).toString("base64url")),
    ],
    ["no signature", () => forge({}, () => "")],
    ["another's signature", () => forge({}, byStranger)],
    ["another's key brought along as jwk", () => forge({ header: { jwk: strangerJwk } }, byStranger)],
    [
      "another's key behind jku",
      () => forge({ header: { jku: "https://evil.test/jwks.json", kid: "evil" } }, byStranger),
    ],
    ["another's key behind x5u", () => forge({ header: { x5u: "https://evil.test/cert" } }, byStranger)],
    ["a kid that is a path", () => forge({ header: { kid: "../../../../dev/null" } })],
    ["a kid that is SQL", () => forge({ header: { kid: "' or 1=1 --" } })],
    ["no kid", () => forge({ header: { kid: undefined } })],
    ["a critical header that nobody knows", () => forge({ header: { crit: ["b64"], b64: false } })],
    ["no type", () => forge({ header: { typ: undefined } })],
    ["the type of a session", () => forge({ header: { typ: "JWT" } })],
    ["no exp", () => forge({ claims: { exp: undefined } })],
    ["an exp that is text", () => forge({ claims: { exp: String(now() + 600) } })],
    ["an exp a second ago", () => forge({ claims: { exp: now() - 1 } })],
    ["an nbf to come", () => forge({ claims: { nbf: now() + 600 } })],
    ["no iat", () => forge({ claims: { iat: undefined } })],
    ["no aud", () => forge({ claims: { aud: undefined } })],
    ["another renderer's aud", () => forge({ claims: { aud: other } })],
    ["this server's aud", () => forge({ claims: { aud: origin } })],
    ["an aud that nobody knows", () => forge({ claims: { aud: "https://evil.test" } })],
    ["an aud of several", () => forge({ claims: { aud: [l1, other] } })],
    ["an aud of one in a list", () => forge({ claims: { aud: [l1] } })],
    ["an aud that begins alike", () => forge({ claims: { aud: `${l1}0` } })],
    ["no iss", () => forge({ claims: { iss: undefined } })],
    ["another's iss", () => forge({ claims: { iss: "https://evil.test" } })],
    ["no sub", () => forge({ claims: { sub: undefined } })],
    ["another user's sub", () => forge({ claims: { sub: `${origin}/users/mallory` } })],
    ["no jti", () => forge({ claims: { jti: undefined } })],
    ["a jti that was never issued", () => forge({ claims: { jti: randomUUID() } })],
    ["a jti that is SQL", () => forge({ claims: { jti: "' or true --" } })],
    [
      "a session's jti",
      () => {
        const payload = JSON.parse(new TextDecoder().decode(base64url.decode(alice.split(".")[1] ?? "")));
        return forge({ claims: { jti: payload.jti } });
      },
    ],
    ["a payload that is no JSON", () => `${encode(header)}.${encode("{")}.${es256("x")}`],
    ["four parts", () => `${token}.AAAA`],
    ["two parts", () => token.split(".").slice(0, 2).join(".")],
    ["a lot of text", () => "a.".repeat(100_000)],
    ["nothing", () => ""],
  ])("%s", async (_what, make) => {
    const before = await readRows();
    const { status, body, headers } = await verify({ token: make() });
    expect({ status, body }).toEqual({ status: 401, body: { valid: false, active: false } });
    expect(headers.get("content-type")).toBe("application/json");
    expect(await readRows()).toEqual(before);
  });

  test("a revoked one", async () => {
    const revoked = await attach(l1);
    await server.request("/auth/revoke", { method: "POST", body: new URLSearchParams({ token: revoked }) });
    const { status, body } = await verify({ token: revoked });
    expect({ status, body }).toEqual({ status: 401, body: { valid: false, active: false } });
  });

  test("one that ours are signed for, but by the secret of sessions", async () => {
    const secret = (await readFile(path.join(server.dataDirectory, "jwt_secret"), "utf8")).trim();
    for (const typ of ["renderer+jwt", "JWT"]) {
      const forged = forge({ header: { alg: "HS256", typ, kid: undefined } }, hmac(secret));
      expect((await verify({ token: forged })).status).toBe(401);
    }
    const asSession = forge(
      { header: { alg: "HS256", typ: "JWT", kid: undefined }, claims: { aud: origin } },
      hmac(secret),
    );
    expect((await verify({ token: asSession })).status).toBe(401);
  });
});
