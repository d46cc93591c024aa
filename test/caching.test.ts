import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const hash = (digit: string) => digit.repeat(64);
const seconds = 2;

let server: TestServer;
let alice: string;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_user", ARTDAG_CACHE_SECONDS: String(seconds) });
  alice = await server.register("alice");
  const work = { name: "Low tide", content_hash: hash("a"), asset_type: "image", description: "before" };
  await server.json("POST", "/assets", work, alice);
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return server.request(path, { headers: { Accept: "text/html", ...headers } });
}

/** Changes a work past the server, as another process does. */
async function describeWork(text: string): Promise<void> {
  await query(server.databaseUrl, "update assets set description = $1", [text]);
}

const documents = "application/activity+json";

/** Address and Accept of everything that is the same for all strangers. */
const shared: [path: string, accept: string][] = [
  ["/", "text/html"],
  ["/", "application/json"],
  ["/assets", "text/html"],
  ["/assets?type=image", "application/json"],
  ["/assets/Low%20tide", "application/json"],
  ["/asset/Low%20tide", "text/html"],
  ["/activities", "text/html"],
  ["/activities/0", documents],
  ["/notes/0", documents],
  [`/objects/${hash("a")}`, documents],
  ["/users", "text/html"],
  ["/users/alice", "text/html"],
  ["/users/alice", documents],
  ["/users/alice/outbox", documents],
  ["/actor", documents],
  ["/.well-known/webfinger?resource=acct:alice@HOST", "application/jrd+json"],
  ["/nodeinfo/2.1", "application/json"],
  ["/feed.atom", "*/*"],
  ["/users/alice/feed.atom", "*/*"],
  ["/sitemap.xml", "*/*"],
  ["/sitemap/works/0", "*/*"],
  ["/oembed?url=ORIGIN%2Fasset%2FLow%2520tide", "*/*"],
];

describe("an answer that is the same for all strangers", () => {
  test.each(shared)("%s as %s is not sent again to who has it", async (address, accept) => {
    const { host, origin } = new URL(server.origin);
    const path = address.replace("HOST", host).replace("ORIGIN", encodeURIComponent(origin));
    const first = await get(path, { Accept: accept });
    expect(first.status).toBe(200);
    const etag = first.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    expect(first.headers.get("cache-control")).toMatch(/^public, max-age=/);
    expect(first.headers.get("set-cookie")).toBeNull();
    const vary = (first.headers.get("vary") ?? "").toLowerCase().split(/\s*,\s*/);
    expect(vary).toEqual(expect.arrayContaining(["accept", "cookie", "authorization"]));

    await sleep(10);
    for (const tag of [etag, etag.slice(2), `"other", ${etag}`, "*"]) {
      const again = await get(path, { Accept: accept, "If-None-Match": tag });
      expect([again.status, await again.text()]).toEqual([304, ""]);
      expect(again.headers.get("etag")).toBe(etag);
      expect(again.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
      expect(again.headers.get("x-content-type-options")).toBe("nosniff");
    }
    const other = await get(path, { Accept: accept, "If-None-Match": '"other"' });
    expect([other.status, await other.text()]).toEqual([200, await first.text()]);
    const head = await server.request(path, { method: "HEAD", headers: { Accept: accept } });
    expect([head.status, head.headers.get("etag")]).toEqual([200, etag]);
  });

  test("has the same tag when it is made anew of the same", async () => {
    const tags = async () =>
      await Promise.all(
        ["/users/alice", "/actor", "/notes/0"].map(async (path) =>
          (await get(path, { Accept: documents })).headers.get("etag"),
        ),
      );
    const before = await tags();
    await server.json("PATCH", "/users/alice", {}, alice);
    expect(await tags()).toEqual(before);
  });

  test("is a page that browsers ask for again, and that others may keep", async () => {
    const page = await get("/asset/Low%20tide");
    expect(page.headers.get("cache-control")).toBe(`public, max-age=0, s-maxage=${seconds}`);
    const json = await get("/assets/Low%20tide", { Accept: "application/json" });
    expect(json.headers.get("cache-control")).toBe(
      `public, max-age=${seconds}, stale-while-revalidate=${seconds * 3}`,
    );
  });

  test("is kept apart for those who want something else", async () => {
    const page = await get("/users/alice");
    const actor = await get("/users/alice", { Accept: documents });
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(actor.headers.get("content-type")).toBe(documents);
    expect(await (await get("/assets?q=nothing")).text()).not.toBe(await (await get("/assets")).text());
  });

  test("is older than it may be for nobody, and says how old it is", async () => {
    await describeWork("first");
    await server.json("PATCH", "/users/alice", {}, alice);
    expect(await (await get("/asset/Low%20tide")).text()).toContain("first");
    await describeWork("second");
    await sleep(1100);
    const kept = await get("/asset/Low%20tide");
    expect(await kept.text()).toContain("first");
    expect(kept.headers.get("age")).toBe("1");
    await sleep(seconds * 1000 - 1000);
    const fresh = await get("/asset/Low%20tide");
    expect(await fresh.text()).toContain("second");
    expect(fresh.headers.get("age")).toBeNull();
  });
});

describe("a change", () => {
  test("is seen at once by its author, and by everybody whom this process answers", async () => {
    expect(await (await get("/asset/Low%20tide")).text()).not.toContain("after");
    await server.json("PATCH", "/assets/Low%20tide", { description: "after" }, alice);
    const own = await get("/asset/Low%20tide", { Authorization: `Bearer ${alice}` });
    expect(await own.text()).toContain("after");
    expect(await (await get("/asset/Low%20tide")).text()).toContain("after");
  });

  test("of another process is seen at once by who is signed in", async () => {
    await get("/asset/Low%20tide");
    await describeWork("elsewhere");
    const own = await get("/asset/Low%20tide", { Authorization: `Bearer ${alice}` });
    expect(await own.text()).toContain("elsewhere");
  });
});

describe("an answer for one alone", () => {
  test.each([{ Authorization: "TOKEN" }, { Cookie: "sid=TOKEN" }])(
    "is kept for nobody (%o)",
    async (headers) => {
      const known = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value.replace("TOKEN", name === "Cookie" ? alice : `Bearer ${alice}`),
        ]),
      );
      await server.json("PATCH", "/users/alice", {}, alice);
      const own = await get("/", known);
      expect(own.headers.get("cache-control")).toBe("private, no-store");
      expect(own.headers.get("etag")).toBeNull();
      expect(own.headers.get("vary")).toMatch(/cookie/i);
      expect(await own.text()).toContain("Sign out");
      expect(await (await get("/")).text()).not.toContain("Sign out");
      expect(await (await get("/", known)).text()).toContain("Sign out");
    },
  );

  test("is a page that is not public, an error, or a redirection", async () => {
    for (const path of ["/login", "/settings", "/nothing", "/asset/nothing", "/assets/Low%20tide"]) {
      const { headers } = await get(path);
      expect([path, headers.get("etag"), headers.get("cache-control")]).toEqual([path, null, null]);
    }
  });
});

describe("where documents are for known servers only", () => {
  test("they are kept for nobody, and pages for everybody", async () => {
    const closed = await startTestServer({ ARTDAG_AUTHORIZED_FETCH: "on", ARTDAG_CACHE_SECONDS: "60" });
    const ask = (accept: string) => closed.request("/users/alice", { headers: { Accept: accept } });
    const [actor, page] = [await ask(documents), await ask("text/html")];
    expect(actor.headers.get("cache-control")).toBe("private, no-store");
    expect(actor.headers.get("etag")).toBeNull();
    expect(page.headers.get("etag")).not.toBeNull();
  });
});

describe("a hundred who ask for one page at once", () => {
  /** Lets a hundred ask an app of its own for a page, and says how often works were read from the database. */
  async function askHundred(cacheSeconds: number): Promise<number> {
    const { web, federation } = server.resources;
    let reads = 0;
    const db = new Proxy(web.db, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (name !== "selectFrom") return typeof value === "function" ? value.bind(target) : value;
        return (...tables: Parameters<typeof target.selectFrom>) => {
          if (tables[0] === "assets") reads++;
          return target.selectFrom(...tables);
        };
      },
    });
    const app = createApp({ web: { ...web, db, cacheSeconds }, federation, hosts: ["localhost"] });
    const headers = { Host: "localhost", Accept: "text/html" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => app.request("http://localhost/asset/Low%20tide", { headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const pages = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(pages).size).toBe(1);
    return reads;
  }

  test("cost one making of it", async () => {
    expect(await askHundred(10)).toBe(1);
  });

  test("cost a hundred makings where nothing may be kept", async () => {
    expect(await askHundred(0)).toBe(100);
  });
});
