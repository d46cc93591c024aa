import { request as httpRequest } from "node:http";
import { configure, type LogRecord } from "@logtape/logtape";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { configureLogging } from "../src/logging.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";

const hash = "a".repeat(64);
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
const mastodon =
  'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.1';
const programs = [
  mastodon,
  "application/activity+json",
  "application/ld+json",
  "application/json",
  "*/*",
  undefined,
];

const html = "text/html; charset=UTF-8";
const json = "application/json";
const activity = "application/activity+json";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

let server: TestServer;
let alice: string;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_user" });
  alice = await server.register("alice");
  const bob = await server.register("bob");
  const work = { name: "A work-1", content_hash: hash, asset_type: "image" };
  await server.json("POST", "/assets", work, alice);
  await server.json("POST", "/assets", { ...work, name: "Bob's" }, bob);
});

/** Sends exactly these headers; `fetch` would add an Accept and keep the Host to itself. */
function send(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  const { port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => {
        const received = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] satisfies [string, string],
        );
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(received),
          text,
        });
      });
    });
    request.on("error", reject);
    request.end();
  });
}

function get(path: string, accept: string | undefined): Promise<Answer> {
  return send(path, accept == null ? {} : { Accept: accept });
}

function find(resource: string): Promise<Response> {
  return server.request(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`);
}

function expectKeys(actor: Json, id: string): void {
  expect(actor.id).toBe(id);
  expect(actor.publicKey).toMatchObject({
    id: `${id}#main-key`,
    owner: id,
    publicKeyPem: expect.stringMatching(
      /^-----BEGIN PUBLIC KEY-----\n[\w+/=\n]+-----END PUBLIC KEY-----\n?$/,
    ),
  });
  const [method, ...others] = [actor.assertionMethod].flat();
  expect(others).toEqual([]);
  expect(method).toMatchObject({ type: "Multikey", controller: id });
  expect(method.publicKeyMultibase).toMatch(/^z6Mk/);
  expect(method.id).toBe(`${id}#${method.publicKeyMultibase}`);
}

/** Type of the answer, or where it leads to. */
function outcome({ status, headers }: Answer): string {
  if (status === 303) return `-> ${headers.get("location")}`;
  return status === 200 ? String(headers.get("content-type")) : `${status} ${headers.get("content-type")}`;
}

/** Every address, with what a browser gets there and what a program gets. */
const addresses: [path: string, page: string, document: string][] = [
  ["/", html, json],
  ["/assets", html, json],
  ["/assets/A%20work-1", "-> /asset/A%20work-1", json],
  ["/asset/A%20work-1", html, "-> /assets/A%20work-1"],
  ["/activities", html, json],
  ["/activities/0", html, activity],
  [`/objects/${hash}`, "-> /asset/A%20work-1", activity],
  [`/objects/${hash}/1`, "-> /asset/Bob's", activity],
  [`/objects/${hash}?format=json`, json, json],
  ["/notes/0", "-> /asset/A%20work-1", activity],
  ["/users", html, json],
  ["/users/alice", html, activity],
  ["/users/alice/outbox", "-> /assets?owner=alice", activity],
  ["/users/alice/followers", html, activity],
  ["/users/alice/following", html, activity],
  ["/users/alice/featured", "-> /users/alice", activity],
  ["/actor", activity, activity],
  ["/login", html, html],
  ["/register", html, html],
  ["/new", "-> /login?next=/new", "-> /login?next=/new"],
  ["/home", "-> /login?next=/home", "401 application/problem+json"],
  ["/settings", "-> /login?next=%2Fsettings", "401 application/problem+json"],
  ["/follow?of=alice", html, html],
  ["/healthz", json, json],
  ["/readyz", json, json],
  ["/style.css", "text/css; charset=utf-8", "text/css; charset=utf-8"],
  ["/islands.js", "text/javascript; charset=utf-8", "text/javascript; charset=utf-8"],
  ["/nothing/here", `404 ${html}`, "404 application/problem+json"],
  ["/users/nobody", `404 ${html}`, "404 application/problem+json"],
  ["/assets/nothing", `404 ${html}`, "404 application/problem+json"],
  ["/activities/17", `404 ${html}`, "404 application/problem+json"],
];

describe("one URL for pages and documents", () => {
  test.each(addresses)("%s gives a browser %s and a program %s", async (path, page, document) => {
    expect(outcome(await get(path, browser))).toBe(page);
    const found = await Promise.all(programs.map(async (accept) => outcome(await get(path, accept))));
    expect(found).toEqual(programs.map(() => document));
  });

  test.each(addresses)("%s tells caches once that its answer depends on Accept", async (path) => {
    for (const accept of [browser, mastodon]) {
      const vary = (await get(path, accept)).headers.get("vary") ?? "";
      expect(vary.split(/\s*,\s*/).filter((name) => name.toLowerCase() === "accept")).toHaveLength(1);
    }
  });

  test.each(addresses)("%s answers HEAD as GET, without a body", async (path) => {
    for (const accept of [browser, mastodon]) {
      const [head, whole] = [await send(path, { Accept: accept }, "HEAD"), await get(path, accept)];
      expect(head.text).toBe("");
      expect(outcome(head)).toBe(outcome(whole));
    }
  });
});

describe("the start page", () => {
  test("says in JSON what the server is and how much it holds", async () => {
    const { body } = await server.json("GET", "/");
    expect(body).toEqual({
      name: "Art DAG L2",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      origin: server.origin,
      users: 3,
      assets: 2,
      activities: 2,
    });
  });
});

describe("WebFinger", () => {
  test("finds a user by handle in any case, and by the actor's URL", async () => {
    const { host } = new URL(server.origin);
    const resources = [`acct:alice@${host}`, `acct:ALICE@${host}`, `acct:Alice@${host.toUpperCase()}`];
    for (const resource of [...resources, `${server.origin}/users/alice`]) {
      const response = await find(resource);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/jrd+json");
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      const { subject, aliases, links } = await response.json();
      expect([subject, ...aliases].map((name) => name.toLowerCase())).toEqual(
        expect.arrayContaining([`acct:alice@${host}`, `${server.origin}/users/alice`]),
      );
      expect(links).toContainEqual({
        rel: "self",
        type: "application/activity+json",
        href: `${server.origin}/users/alice`,
      });
    }
  });

  test("finds the server's own actor by its host's name", async () => {
    const response = await find(`acct:localhost@${new URL(server.origin).host}`);
    const { links } = await response.json();
    expect(links[0]).toMatchObject({ rel: "self", href: `${server.origin}/actor` });
  });

  test("does not find unknown users, other hosts' users, or what is no handle", async () => {
    const { host } = new URL(server.origin);
    const resources = [
      `acct:nobody@${host}`,
      "acct:alice@evil.test",
      "https://evil.test/users/alice",
      `${server.origin}/users/nobody`,
      `acct:instance.actor@${host}`,
      "acct:@@@",
      `acct:alice\0@${host}`,
      `acct:${"a".repeat(5000)}@${host}`,
    ];
    for (const resource of resources) {
      const response = await find(resource);
      expect([resource, response.status]).toEqual([resource, 404]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  test("wants a resource", async () => {
    const paths = ["", "?", "?resource=", "?resource=nonsense", "?resource=%ZZ", "?rel=self"];
    for (const query of paths) {
      const { status, body } = await server.json("GET", `/.well-known/webfinger${query}`);
      expect([query, status]).toEqual([query, 400]);
      expect(body.detail).toMatch(/resource/);
    }
  });
});

describe("NodeInfo", () => {
  test("leads from the well-known address to what the server runs", async () => {
    const { body } = await server.json("GET", "/.well-known/nodeinfo");
    expect(body.links).toEqual([
      expect.objectContaining({
        rel: "http://nodeinfo.diaspora.software/ns/schema/2.1",
        href: `${server.origin}/nodeinfo/2.1`,
      }),
    ]);
    const info = await server.json("GET", "/nodeinfo/2.1");
    expect(info.body).toMatchObject({
      version: "2.1",
      software: { name: "artdag-l2", version: expect.stringMatching(/^\d/) },
      protocols: ["activitypub"],
      openRegistrations: true,
      usage: { users: { total: 3 } },
    });
  });
});

describe("actors", () => {
  test("a user's actor names its inbox, its collections and its keys", async () => {
    const id = `${server.origin}/users/alice`;
    const { body: actor } = await server.json("GET", "/users/alice");
    expect(actor).toMatchObject({
      type: "Person",
      preferredUsername: "alice",
      inbox: `${id}/inbox`,
      outbox: `${id}/outbox`,
      followers: `${id}/followers`,
      following: `${id}/following`,
      endpoints: { sharedInbox: `${server.origin}/inbox` },
      manuallyApprovesFollowers: false,
    });
    expect(actor["@context"][0]).toBe("https://www.w3.org/ns/activitystreams");
    expectKeys(actor, id);
  });

  test("the claim of a user is proved with the key that the actor lists", async () => {
    const { body: actor } = await server.json("GET", "/users/alice");
    const { body: claim } = await server.json("GET", "/activities/0");
    expect(claim.proof.verificationMethod).toBe([actor.assertionMethod].flat()[0].id);
  });

  test("the server's own actor stands at /actor and nowhere else", async () => {
    const { body: actor } = await server.json("GET", "/actor");
    expect(actor).toMatchObject({ type: "Application", preferredUsername: "localhost" });
    expectKeys(actor, `${server.origin}/actor`);
    const twins = ["", "/outbox", "/followers", "/following"].flatMap((rest) => [
      `/users/instance.actor${rest}`,
      `/users/instance%2Eactor${rest}`,
      `/users/instance%2eacto%72${rest}`,
    ]);
    for (const path of twins) {
      for (const accept of [browser, mastodon]) {
        expect([path, (await get(path, accept)).status]).toEqual([path, 404]);
      }
    }
  });

  test("an unknown user, or a known one's look-alike, is not found", async () => {
    const names = [
      "nobody",
      "ALICE",
      "alic%D0%B5",
      "alice%20",
      "%00",
      "%ZZ",
      "alice%2Fx",
      "..%2Falice",
      "a".repeat(300),
    ];
    for (const name of names) {
      for (const accept of [browser, mastodon]) {
        expect([name, (await get(`/users/${name}`, accept)).status]).toEqual([name, 404]);
      }
    }
  });

  test.each(["outbox", "followers", "following"])("the %s of an unknown user is not found", async (name) => {
    for (const accept of [browser, mastodon]) {
      for (const query of ["", "?cursor=9"]) {
        expect((await get(`/users/nobody/${name}${query}`, accept)).status).toBe(404);
      }
    }
  });

  test.each(["outbox", "followers", "following"])("the %s is counted and comes in pages", async (name) => {
    const id = `${server.origin}/users/alice/${name}`;
    const { body: collection } = await server.json("GET", `/users/alice/${name}`);
    expect(collection).toMatchObject({
      id,
      type: "OrderedCollection",
      totalItems: name === "outbox" ? 1 : 0,
      first: expect.stringMatching(/^http/),
    });
    expect(collection).not.toHaveProperty("orderedItems");
    const { body: page } = await server.json("GET", collection.first);
    expect(page).toMatchObject({ type: "OrderedCollectionPage", partOf: id });
    expect([page.orderedItems ?? []].flat()).toHaveLength(collection.totalItems);
    expect(page).not.toHaveProperty("next");
    for (const cursor of ["x", "-1", "1e3", "%00", "9".repeat(40)]) {
      expect((await get(`/users/alice/${name}?cursor=${cursor}`, mastodon)).status).toBe(404);
    }
  });
});

describe("operations", () => {
  test("a living process and a ready server answer 200", async () => {
    expect(await server.json("GET", "/healthz")).toMatchObject({ status: 200, body: { status: "ok" } });
    expect(await server.json("GET", "/readyz")).toMatchObject({
      status: 200,
      body: { status: "ready", faults: [] },
    });
  });

  test("a server that is not ready says why", async () => {
    const { web, federation } = server.resources;
    const app = createApp({
      web: { ...web, findFaults: () => Promise.resolve(["The moon is full."]) },
      federation,
      hosts: [],
    });
    const response = await app.request("http://localhost/readyz", { headers: { Host: "localhost" } });
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "not ready", faults: ["The moon is full."] });
  });
});

describe("methods", () => {
  test.each<[string, string, string]>([
    ["PUT", "/assets", "GET, HEAD, POST"],
    ["DELETE", "/", "GET, HEAD"],
    ["POST", "/activities/0", "GET, HEAD"],
    ["PUT", "/users/alice", "DELETE, GET, HEAD, PATCH"],
    ["OPTIONS", "/users/alice", "DELETE, GET, HEAD, PATCH"],
    ["POST", "/users/alice/outbox", "GET, HEAD"],
    ["GET", "/inbox", "POST"],
    ["GET", "/users/alice/inbox", "POST"],
    ["GET", "/auth/register", "POST"],
    ["GET", "/auth/login", "POST"],
    ["POST", "/auth/me", "GET, HEAD"],
    ["GET", "/auth/logout", "POST"],
    ["PUT", "/users/alice/following", "DELETE, GET, HEAD, POST"],
    ["POST", "/.well-known/webfinger", "GET, HEAD"],
    ["POST", "/healthz", "GET, HEAD"],
    ["POST", "/style.css", "GET, HEAD"],
  ])("%s %s is answered with 405 and what is allowed", async (method, path, allow) => {
    for (const accept of [browser, mastodon]) {
      const { status, headers, text } = await send(path, { Accept: accept }, method);
      expect(status).toBe(405);
      expect(headers.get("allow")).toBe(allow);
      expect(text).toContain("Method not allowed");
    }
  });
});

describe("hosts", () => {
  test("a foreign Host is answered with 421, as a page too, but not at the health checks", async () => {
    for (const host of [
      "evil.test",
      "localhost.evil.test",
      `evil.test:${new URL(server.origin).port}`,
      "10.0.0.1",
    ]) {
      const program = await send("/users/alice", { Host: host });
      expect([host, program.status]).toEqual([host, 421]);
      expect(JSON.parse(program.text)).toMatchObject({ status: 421, title: "Misdirected request" });
      expect(await send("/", { Host: host, Accept: browser })).toMatchObject({ status: 421 });
      expect(await send("/inbox", { Host: host }, "POST")).toMatchObject({ status: 421 });
      for (const path of ["/healthz", "/readyz"]) expect((await send(path, { Host: host })).status).toBe(200);
    }
  });

  test("a foreign Host is shown literally", async () => {
    const { text } = await send("/", { Host: "<b>evil</b>", Accept: browser });
    expect(text).not.toContain("<b>evil");
  });

  test("loopback names pass, and no URL is built from them", async () => {
    for (const host of ["localhost", "127.0.0.1:1", "[::1]:80", "artdag.localhost"]) {
      const { status, text } = await send("/users/alice", { Host: host });
      expect([host, status]).toEqual([host, 200]);
      expect(JSON.parse(text).id).toBe(`${server.origin}/users/alice`);
    }
  });
});

describe("headers", () => {
  /** One of every kind of answer. */
  const kinds: [
    kind: string,
    path: string,
    headers: Record<string, string>,
    method: string,
    status: number,
  ][] = [
    ["a page", "/", { Accept: browser }, "GET", 200],
    ["JSON", "/assets", {}, "GET", 200],
    ["a stored document", "/activities/0", {}, "GET", 200],
    ["an actor", "/users/alice", {}, "GET", 200],
    ["WebFinger", "/.well-known/webfinger?resource=acct:a@b", {}, "GET", 404],
    ["a redirect", "/assets/A%20work-1", { Accept: browser }, "GET", 303],
    ["the stylesheet", "/style.css", {}, "GET", 200],
    ["the bundle", "/islands.js", {}, "GET", 200],
    ["health", "/healthz", {}, "GET", 200],
    ["a problem", "/nothing", {}, "GET", 404],
    ["an error page", "/nothing", { Accept: browser }, "GET", 404],
    ["a wrong method", "/assets", {}, "DELETE", 405],
    ["a foreign host", "/", { Host: "evil.test" }, "GET", 421],
    ["a forged form", "/new", { Origin: "https://evil.test" }, "POST", 403],
    ["a refused activity", "/inbox", {}, "POST", 415],
    ["a refused token", "/auth/me", {}, "GET", 401],
  ];

  test.each(kinds)("%s carries the security headers", async (_kind, path, headers, method, status) => {
    const answer = await send(path, headers, method);
    expect(answer.status).toBe(status);
    const policy = (answer.headers.get("content-security-policy") ?? "").split("; ");
    expect(policy).toEqual([
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "worker-src 'self'",
      "style-src 'self'",
      "img-src 'self' https: blob:",
      "media-src 'self' https: blob:",
      "connect-src 'self'",
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("referrer-policy")).toBe("same-origin");
    expect(answer.headers.has("strict-transport-security")).toBe(false);
    expect(answer.headers.has("x-powered-by")).toBe(false);
  });

  test("what a signed-in user is answered may be stored nowhere", async () => {
    const session = { Authorization: `Bearer ${alice}` };
    const paths = ["/", "/auth/me", "/home", "/assets", "/activities/0", "/new", "/nothing"];
    for (const path of paths) {
      for (const accept of [browser, json]) {
        const { headers } = await send(path, { ...session, Accept: accept });
        expect([path, headers.get("cache-control")]).toEqual([path, "private, no-store"]);
      }
    }
    expect((await get("/assets", json)).headers.get("cache-control")).toBe("public, no-cache");
  });

  test("the stylesheet and the bundle are not sent again to who has them", async () => {
    for (const path of ["/style.css", "/islands.js"]) {
      const first = await send(path);
      const again = await send(path, { "If-None-Match": first.headers.get("etag") ?? "", Cookie: "sid=x" });
      expect([again.status, again.text]).toEqual([304, ""]);
      expect(again.headers.get("cache-control")).toBe("public, max-age=300");
    }
  });

  test("the renderers' origins may be shown from and submitted to", async () => {
    const { web, federation } = server.resources;
    const l1Servers = ["https://l1.test", "http://localhost:9000"];
    const app = createApp({ web: { ...web, l1Servers }, federation, hosts: [] });
    const response = await app.request("http://localhost/", { headers: { Host: "localhost" } });
    const policy = response.headers.get("content-security-policy")?.split("; ");
    expect(policy).toEqual(
      expect.arrayContaining([
        "img-src 'self' https: blob: https://l1.test http://localhost:9000",
        "media-src 'self' https: blob: https://l1.test http://localhost:9000",
        "form-action 'self' https://l1.test http://localhost:9000",
      ]),
    );
  });
});

describe("what nobody expected", () => {
  const records: LogRecord[] = [];
  beforeAll(async () => {
    await configure({
      reset: true,
      sinks: { memory: (record) => void records.push(record) },
      loggers: [
        { category: ["logtape", "meta"], lowestLevel: "warning" },
        { category: ["artdag", "web"], lowestLevel: "warning", sinks: ["memory"] },
      ],
    });
  });
  afterAll(() => configureLogging("error"));

  test.each([
    [new Error("a secret detail"), 500, "error"],
    [Object.assign(new Error("a secret detail"), { code: "57P01" }), 503, "warning"],
    [new Error("timeout exceeded when trying to connect"), 503, "warning"],
  ])("%s is logged, and answered in general words as problem and as page", async (error, status, level) => {
    const { web, federation } = server.resources;
    const findFaults = async () => {
      throw error;
    };
    const app = createApp({ web: { ...web, findFaults }, federation, hosts: [] });
    for (const accept of [json, browser]) {
      const headers = { Host: "localhost", Accept: accept };
      const response = await app.request("http://localhost/readyz", { headers });
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(response.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(text).not.toMatch(/secret|timeout exceeded|\.ts|at .*:\d+/);
      expect(records.at(-1)).toMatchObject({ level, properties: { method: "GET", path: "/readyz", error } });
    }
  });
});
