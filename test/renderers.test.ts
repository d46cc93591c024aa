import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { createSink } from "./helpers/sink.ts";
import { startTestServer, type Json, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { startStubL1, type StubL1 } from "./helpers/stub-l1.ts";

const html = { Accept: "text/html" };
const silentAfter = 1_500;

let server: TestServer;
let l1: StubL1;
let sink: { origin: string };
let closed: string;

beforeAll(async () => {
  l1 = await startStubL1(() => server.origin, "t.ok");
  sink = await createSink();
  closed = "http://127.0.0.1:1";
  server = await startTestServer({
    L1_SERVERS: [l1.origin, sink.origin, closed].join(),
    L1_AUTH_PARAM: "t.ok",
  });
});

function page(path: string, token: string, form?: Record<string, string>): Promise<Response> {
  return server.request(path, {
    headers: { ...html, Authorization: `Bearer ${token}` },
    ...(form == null ? {} : { method: "POST", body: new URLSearchParams(form) }),
  });
}

async function listServers(token: string): Promise<Json[]> {
  return (await server.json("GET", "/renderers", undefined, token)).body.servers;
}

describe("/renderers", () => {
  test("lists what is configured, attached or not, and what is reachable, without waiting long for it", async () => {
    const token = await server.register("list");
    const start = performance.now();
    const servers = await listServers(token);
    expect(performance.now() - start).toBeLessThan(silentAfter + 1_000);
    const unattached = {
      attached: false,
      scopes: [],
      created_at: null,
      first_verified: null,
      last_verified: null,
      available: true,
    };
    expect(servers).toEqual([
      { l1_server: l1.origin, ...unattached, reachable: true },
      { l1_server: sink.origin, ...unattached, reachable: null },
      { l1_server: closed, ...unattached, reachable: false },
    ]);
  });

  test("shows a page with a form for each, in which recording runs is ticked", async () => {
    const token = await server.register("reader");
    const response = await page("/renderers", token);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text.match(/name="record-run" value="on" checked/g)).toHaveLength(3);
    expect(text).toContain("Not reachable");
    expect(text).toMatch(/<a href="\/renderers" aria-current="page">/);
  });

  test("is for who is signed in", async () => {
    const visitor = await server.request("/renderers", { headers: html });
    expect([visitor.status, visitor.headers.get("location")]).toEqual([303, "/login?next=%2Frenderers"]);
    for (const method of ["GET", "POST", "DELETE"])
      expect((await server.json(method, "/renderers")).status).toBe(401);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ["with the box ticked", { scopes: "renderer", "record-run": "on" }, ["renderer", "record-run"]],
    ["with the box unticked", { scopes: "renderer" }, ["renderer"]],
    ["that says nothing of it", {}, ["renderer", "record-run"]],
  ])("attaches by a form %s, by the parameter of the configuration", async (what, form, scopes) => {
    const token = await server.register(`form_${scopes.length}_${what.length}`);
    const response = await page("/renderers", token, { l1_server: l1.origin, ...form });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toMatch(new RegExp(`^${l1.origin}/auth\\?t\\.ok=ey[\\w.-]+$`));
    expect((await listServers(token))[0]).toMatchObject({ attached: true, scopes, first_verified: null });
  });

  test.each<[string, string[] | undefined, string[]]>([
    ["with nothing said", undefined, ["renderer", "record-run"]],
    ["with one scope", ["renderer"], ["renderer"]],
    ["with none, which is the least", [], ["renderer"]],
    ["with the wider one, which needs the other", ["record-run"], ["renderer", "record-run"]],
  ])("attaches by JSON %s", async (what, scopes, given) => {
    const token = await server.register(`json_${what.length}`);
    const { status } = await server.json("POST", "/renderers", { l1_server: l1.origin, scopes }, token);
    expect(status).toBe(303);
    expect((await listServers(token))[0]).toMatchObject({ attached: true, scopes: given });
  });

  test("refuses a scope that there is not, and a body without a renderer", async () => {
    const token = await server.register("wrong");
    for (const body of [{ l1_server: l1.origin, scopes: ["admin"] }, {}, { l1_server: 5 }]) {
      const { status, body: problem } = await server.json("POST", "/renderers", body, token);
      expect({ status, fields: problem.errors.length }).toEqual({ status: 422, fields: 1 });
    }
    expect((await listServers(token)).some(({ attached }) => attached)).toBe(false);
  });

  test("says when a renderer verified first and last, and no more once it is detached by a form", async () => {
    const token = await server.register("detacher");
    const { headers } = await page("/renderers", token, { l1_server: l1.origin });
    await fetch(headers.get("location") ?? "", { redirect: "manual" });
    const [attached] = await listServers(token);
    expect(attached.first_verified).toMatch(/^\d{4}-.*Z$/);
    expect(attached.last_verified).toBe(attached.first_verified);
    const given = l1.received.at(-1)?.token ?? "";
    const detached = await page("/renderers", token, { detach: l1.origin });
    expect([detached.status, detached.headers.get("location")]).toEqual([303, "/renderers"]);
    expect((await l1.verify(given)).status).toBe(401);
    expect((await listServers(token))[0]).toMatchObject({
      attached: false,
      scopes: [],
      first_verified: null,
    });
    expect((await page("/renderers", token, { detach: l1.origin })).status).toBe(404);
    expect((await server.json("DELETE", "/renderers", { l1_server: "x" }, token)).status).toBe(404);
  });

  test("shows a renderer that is offered no more, whose tokens are good for nothing, and lets it be detached", async () => {
    const token = await server.register("keeper");
    const { headers } = await server.json("POST", "/renderers", { l1_server: closed }, token);
    const given = new URL(headers.get("location") ?? "").searchParams.get("t.ok") ?? "";
    const { databaseUrl: DATABASE_URL, dataDirectory: ARTDAG_DATA, origin: ARTDAG_ORIGIN } = server;
    const later = await startTestServer({ DATABASE_URL, ARTDAG_DATA, ARTDAG_ORIGIN });
    const ask = (method: string, path: string, body?: Json) =>
      later.request(later.address + path, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body == null ? null : JSON.stringify(body),
      });
    const { servers } = await (await ask("GET", "/renderers")).json();
    expect(servers).toEqual([
      expect.objectContaining({ l1_server: closed, attached: true, available: false, reachable: null }),
    ]);
    expect((await ask("POST", "/auth/revoke", { token: "x" })).status).toBe(200);
    const verified = await later.request(`${later.address}/auth/verify`, {
      headers: { Authorization: `Bearer ${given}` },
    });
    expect(verified.status).toBe(401);
    expect((await ask("DELETE", "/renderers", { l1_server: closed })).status).toBe(204);
    expect((await (await ask("GET", "/renderers")).json()).servers).toEqual([]);
  });

  test("keeps of two who attach and detach at once either nothing or a whole attachment", async () => {
    const token = await server.register("racer");
    const body = { l1_server: l1.origin };
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        server.json("POST", "/renderers", body, token),
        server.json("DELETE", "/renderers", body, token),
        server.json("POST", "/renderers", body, token),
        server.json("DELETE", "/renderers", body, token),
      ]);
      for (const { status } of answers) expect([204, 303, 404]).toContain(status);
    }
    await server.json("DELETE", "/renderers", body, token);
    const left = await query(
      server.databaseUrl,
      "select 1 from tokens where kind = 'renderer' and user_id = (select id from users where username = 'racer')",
    );
    expect(left).toEqual([]);
  });
});

describe("sessions", () => {
  const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

  async function signIn(username: string, userAgent = agent): Promise<string> {
    const response = await server.request("/auth/login", {
      method: "POST",
      headers: { "User-Agent": userAgent },
      body: new URLSearchParams({ username, password: "correct horse battery" }),
    });
    return (await response.json()).access_token;
  }

  async function list(token: string): Promise<Json[]> {
    return (await server.json("GET", "/auth/sessions", undefined, token)).body.sessions;
  }

  test("are listed, the newest first: what they are, their times, and which one asks", async () => {
    await server.register("dora");
    const token = await signIn("dora");
    await server.json("POST", "/renderers", { l1_server: l1.origin }, token);
    const [renderer, session, first] = await list(token);
    const time = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(renderer).toEqual({
      id: expect.any(String),
      kind: "renderer",
      label: null,
      l1_server: l1.origin,
      scopes: ["renderer", "record-run"],
      created_at: time,
      last_used: null,
      expires_at: time,
      current: false,
    });
    expect(session).toMatchObject({
      kind: "session",
      label: "Firefox on Linux",
      l1_server: null,
      scopes: ["account"],
      last_used: time,
      current: true,
    });
    expect(first).toMatchObject({ kind: "session", current: false });
    const asPage = await page("/settings/sessions", token);
    const text = await asPage.text();
    expect(text).toContain("Firefox on Linux");
    expect(text).toContain("This session");
    expect(text).toContain(`Renderer ${l1.origin}`);
    expect((await server.json("GET", "/settings/sessions", undefined, token)).body.sessions).toHaveLength(3);
    const visitor = await server.request("/settings/sessions", { headers: html });
    expect(visitor.headers.get("location")).toBe("/login?next=%2Fsettings%2Fsessions");
  });

  test("end one by one, by JSON and by a form, and only one's own", async () => {
    const mallory = await server.register("mallory");
    await server.register("erin");
    const [token, one, two] = [await signIn("erin"), await signIn("erin"), await signIn("erin")];
    const find = async (of: string) => (await list(of)).find(({ current }) => current).id;
    const [idOne, idTwo] = [await find(one), await find(two)];
    expect((await server.json("DELETE", `/auth/sessions/${idOne}`, undefined, mallory)).status).toBe(404);
    expect((await server.json("GET", "/auth/me", undefined, one)).status).toBe(200);
    expect((await server.json("DELETE", `/auth/sessions/${idOne}`, undefined, token)).status).toBe(204);
    expect((await server.json("DELETE", `/auth/sessions/${idOne}`, undefined, token)).status).toBe(404);
    expect((await server.json("DELETE", "/auth/sessions/x'--", undefined, token)).status).toBe(404);
    const ended = await page("/settings/sessions", token, { end: idTwo });
    expect([ended.status, ended.headers.get("location")]).toEqual([303, "/settings/sessions"]);
    for (const gone of [one, two])
      expect((await server.json("GET", "/auth/me", undefined, gone)).status).toBe(401);
    const self = await page("/settings/sessions", token, { end: await find(token) });
    expect([self.status, self.headers.get("location")]).toEqual([303, "/"]);
    expect(self.headers.get("set-cookie")).toMatch(/^sid=;/);
    expect((await server.json("GET", "/auth/me", undefined, token)).status).toBe(401);
  });

  test("end everywhere else at once, renderers' tokens too", async () => {
    for (const ask of [
      (token: string) => server.json("DELETE", "/auth/sessions", undefined, token),
      (token: string) => page("/settings/sessions", token, { others: "end" }),
    ]) {
      const username = `frank_${ask.toString().length}`;
      const other = await server.register(username);
      const token = await signIn(username);
      const { headers } = await server.json("POST", "/renderers", { l1_server: l1.origin }, other);
      const given = new URL(headers.get("location") ?? "").searchParams.get("t.ok") ?? "";
      expect((await l1.verify(given)).status).toBe(200);
      expect((await ask(token)).status).toBeLessThan(400);
      expect((await server.json("GET", "/auth/me", undefined, other)).status).toBe(401);
      expect((await l1.verify(given)).status).toBe(401);
      expect(await list(token)).toEqual([expect.objectContaining({ current: true })]);
    }
  });

  test("that expired, were revoked or are used up are not listed", async () => {
    const token = await server.register("grace");
    await server.json("POST", "/renderers", { l1_server: l1.origin }, token);
    await query(
      server.databaseUrl,
      `update tokens set single_use = true, used = now()
       where audience is not null and user_id = (select id from users where username = 'grace')`,
    );
    expect(await list(token)).toHaveLength(1);
  });

  test("are noted to be in use, though not at every request", async () => {
    const token = await server.register("heidi");
    const set = (ago: string) =>
      query(
        server.databaseUrl,
        `update tokens set used = now() - $1::interval
         where user_id = (select id from users where username = 'heidi')`,
        [ago],
      );
    const age = async () => Date.now() - Date.parse((await list(token))[0].last_used);
    await set("1 hour");
    expect(await age()).toBeLessThan(60_000);
    await set("2 minutes");
    expect(await age()).toBeGreaterThan(100_000);
  });
});

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("a user with a browser", () => {
  let visitor: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const browser = await startBrowser();
    visitor = await browser.newPage({ javaScriptEnabled: false });
    visitor.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await visitor.goto(`${server.origin}/register`);
    await visitor.fill("[name=username]", "vera");
    await visitor.fill("[name=password]", "correct horse battery");
    await visitor.click("main button[type=submit]");
  });

  test("attaches a renderer, arrives there signed in as the right user, comes back, detaches", async () => {
    await visitor.click("nav >> text=Renderers");
    await visitor.click(`section[aria-labelledby] form:has(input[value="${l1.origin}"]) >> text=Attach`);
    expect(visitor.url()).toBe(`${l1.origin}/`);
    expect(await visitor.textContent("body")).toContain("Hello vera");
    expect(l1.received.at(-1)?.referrer).toBeUndefined();
    await visitor.goto(`${server.origin}/renderers`);
    expect(await visitor.textContent("main")).toContain("Attached");
    expect(await visitor.textContent("main")).toContain("record your runs there");
    await visitor.click("text=Detach, and end its tokens");
    expect(visitor.url()).toBe(`${server.origin}/renderers`);
    expect(await visitor.textContent("main")).not.toContain("Detach");
    expect((await l1.verify(l1.received.at(-1)?.token ?? "")).status).toBe(401);
  });

  test("sees the sessions, and is complained at by no page", async () => {
    await visitor.goto(`${server.origin}/settings`);
    await visitor.click("nav[aria-label=Settings] >> text=Sessions");
    expect(await visitor.textContent("main")).toContain("Chrome on Linux");
    expect(complaints).toEqual([]);
  });
});
