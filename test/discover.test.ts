import { beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type Json, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const hash = (number: number) => number.toString(16).padStart(64, "0");
const hostile = `<script>alert("x")</script>'&amp;]]>`;

let server: TestServer;
let alice: string;
let bob: string;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_user" });
  alice = await server.register("alice");
  bob = await server.register("bob");
  await register(alice, {
    name: "Low tide",
    asset_type: "image",
    url: "https://media.example/tide.jpg?a=1&b=2",
    media_type: "image/jpeg",
    width: 3000,
    height: 2000,
    alt: "Wet sand",
    description: "First line\n\nSecond <b>line</b>",
    tags: ["sea", "long exposure"],
    language: "en",
    license: "https://creativecommons.org/licenses/by/4.0/",
  });
  await register(bob, {
    name: "Behind a curtain",
    asset_type: "image",
    url: "https://media.example/curtain.jpg",
    width: 10,
    height: 10,
    description: "what is behind",
    content_warning: "Spiders",
    sensitive: true,
  });
  await register(alice, {
    name: hostile.replace("/", ""),
    asset_type: "video",
    description: hostile,
  });
  await register(alice, { name: "For followers", asset_type: "image", post: "unlisted" });
  await register(bob, { name: "A recipe", asset_type: "recipe" });
});

let claims = 0;
async function register(token: string, work: Json): Promise<void> {
  const { status, body } = await server.json(
    "POST",
    "/assets",
    { content_hash: hash(++claims), ...work },
    token,
  );
  expect([status, body]).toEqual([201, expect.anything()]);
}

async function readPage(path: string): Promise<string> {
  const response = await server.request(path, { headers: { Accept: "text/html" } });
  expect(response.status).toBe(200);
  return await response.text();
}

function decode(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

/** What the head of a page says. */
function readHead(html: string) {
  const head = html.slice(0, html.indexOf("</head>"));
  const meta = [...head.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)"\/>/g)];
  const links = [...head.matchAll(/<link ([^>]*)\/>/g)].map(([, attributes = ""]) =>
    Object.fromEntries(
      [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, decode(value)]),
    ),
  );
  const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(head)?.[1] ?? "null";
  return {
    meta: Object.fromEntries(meta.map(([, name = "", content = ""]) => [name, decode(content)])),
    links,
    data: JSON.parse(data) as Json,
  };
}

describe("the page of a work", () => {
  test("has a card with its picture, its words and its author", async () => {
    const { meta, data } = readHead(await readPage("/asset/Low%20tide"));
    const url = `${server.origin}/asset/Low%20tide`;
    const { host } = new URL(server.origin);
    expect(meta).toMatchObject({
      description: "First line Second <b>line</b>",
      "og:type": "article",
      "og:site_name": "Art DAG L2",
      "og:url": url,
      "og:title": "Low tide",
      "og:description": "First line Second <b>line</b>",
      "og:image": "https://media.example/tide.jpg?a=1&b=2",
      "og:image:width": "3000",
      "og:image:height": "2000",
      "og:image:alt": "Wet sand",
      "twitter:card": "summary_large_image",
      "fediverse:creator": `@alice@${host}`,
    });
    expect(meta["robots"]).toBeUndefined();
    expect(data).toMatchObject({
      "@context": "https://schema.org",
      "@type": "ImageObject",
      name: "Low tide",
      url,
      creator: { "@type": "Person", name: "alice", url: `${server.origin}/users/alice` },
      contentUrl: "https://media.example/tide.jpg?a=1&b=2",
      keywords: ["sea", "long exposure"],
      license: "https://creativecommons.org/licenses/by/4.0/",
      identifier: { propertyID: "sha3-256", value: hash(1) },
    });
  });

  test("leads to its Note, its JSON, its card and the feeds, which are all there", async () => {
    const { links } = readHead(await readPage("/asset/Low%20tide"));
    expect(links.find(({ rel }) => rel === "canonical")?.["href"]).toBe(`${server.origin}/asset/Low%20tide`);
    const found: Record<string, string> = {};
    for (const { type = "", href = "" } of links.filter(({ rel }) => rel === "alternate")) {
      const response = await server.request(href, { headers: { Accept: type } });
      expect([href, response.status]).toEqual([href, 200]);
      const served = response.headers.get("content-type") ?? "";
      expect(served).toMatch(type === "application/json+oembed" ? "application/json" : type);
      found[new URL(href, server.origin).pathname] = type;
    }
    expect(found).toEqual({
      "/notes/0": "application/activity+json",
      "/assets/Low%20tide": "application/json",
      "/oembed": "application/json+oembed",
      "/users/alice/feed.atom": "application/atom+xml",
      "/feed.atom": "application/atom+xml",
    });
  });

  test("gives of what stands behind a warning the warning alone", async () => {
    const { meta, data } = readHead(await readPage("/asset/Behind%20a%20curtain"));
    expect(meta).toMatchObject({ description: "Sensitive work: Spiders", "twitter:card": "summary" });
    expect(meta["og:image"]).toBeUndefined();
    expect(JSON.stringify([meta, data])).not.toMatch(/curtain\.jpg|what is behind/);
  });

  test("lets nobody write markup into its head", async () => {
    const { body } = await server.json("GET", "/assets?q=script");
    const html = await readPage(new URL(body.assets[0].page).pathname);
    const { meta, data } = readHead(html);
    expect(meta["og:description"]).toBe(hostile);
    expect(data.description).toBe(hostile);
    expect(html.match(/<script/g)).toHaveLength(2);
  });

  test("is kept from search engines where its post is for followers", async () => {
    expect(readHead(await readPage("/asset/For%20followers")).meta["robots"]).toBe("noindex");
    expect(readHead(await readPage("/asset/A%20recipe")).meta["robots"]).toBeUndefined();
  });
});

describe("other pages", () => {
  test("a profile says who it is, and leads to the actor and the feed", async () => {
    const profile = { name: "Alice <A>", summary: "I paint.", icon_url: "https://media.example/alice.png" };
    await server.json("PATCH", "/users/alice", profile, alice);
    const { meta, links, data } = readHead(await readPage("/users/alice"));
    expect(meta).toMatchObject({
      description: "I paint.",
      "og:type": "profile",
      "og:title": "Alice <A>",
      "og:image": "https://media.example/alice.png",
      "twitter:card": "summary",
      "fediverse:creator": `@alice@${new URL(server.origin).host}`,
    });
    const types = links.filter(({ rel }) => rel === "alternate").map(({ type }) => type);
    expect(types).toEqual(["application/activity+json", "application/atom+xml", "application/atom+xml"]);
    expect(data.mainEntity).toMatchObject({ "@type": "Person", name: "Alice <A>" });
    expect(await readPage("/users/alice")).toContain('<a href="/users/alice/feed.atom">');
  });

  test("the start page says what the server is, and how it is searched", async () => {
    const html = await readPage("/");
    const { meta, data } = readHead(html);
    expect(meta).toMatchObject({ "og:type": "website", "og:url": `${server.origin}/` });
    expect(data.potentialAction.target).toBe(`${server.origin}/assets?q={words}`);
    expect(html).toContain('<a href="/assets">5</a>');
    expect(html).toContain("Low tide");
  });

  test("an activity leads to its document", async () => {
    const { links } = readHead(await readPage("/activities/0"));
    expect(links).toContainEqual({
      rel: "alternate",
      type: "application/activity+json",
      href: "/activities/0",
    });
  });
});

describe("oEmbed", () => {
  const ask = (path: string, more = "") =>
    server.json("GET", `/oembed?url=${encodeURIComponent(server.origin + path)}${more}`);

  test("gives an image as a photo, no larger than it may be", async () => {
    const { status, body, headers } = await ask("/asset/Low%20tide", "&format=json");
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(body).toEqual({
      version: "1.0",
      type: "photo",
      title: "Low tide",
      url: "https://media.example/tide.jpg?a=1&b=2",
      width: 3000,
      height: 2000,
      author_name: "Alice <A>",
      author_url: `${server.origin}/users/alice`,
      provider_name: "Art DAG L2",
      provider_url: server.origin,
      cache_age: 3600,
    });
    expect((await ask("/asset/Low%20tide", "&maxwidth=600")).body).toMatchObject({ width: 600, height: 400 });
    const small = (await ask("/assets/Low%20tide", "&maxwidth=600&maxheight=100")).body;
    expect(small).toMatchObject({ width: 150, height: 100 });
  });

  test("gives what has no size or stands behind a warning as a link, without its picture", async () => {
    for (const path of ["/asset/Behind%20a%20curtain", "/asset/For%20followers", "/asset/A%20recipe"]) {
      const { body } = await ask(path);
      expect([path, body.type, body.url, body.html]).toEqual([path, "link", undefined, undefined]);
    }
  });

  test("says what it can't do", async () => {
    expect((await ask("/asset/Low%20tide", "&format=xml")).status).toBe(501);
    expect((await ask("/asset/nothing")).status).toBe(404);
    expect((await ask("/users/alice")).status).toBe(404);
    expect((await ask("/asset/%ff")).status).toBe(404);
    expect((await server.json("GET", "/oembed?url=https://other.example/asset/Low%2520tide")).status).toBe(
      404,
    );
    const missing = await server.json("GET", "/oembed");
    expect([missing.status, missing.body.errors[0].field]).toEqual([400, "url"]);
    const size = await ask("/asset/Low%20tide", "&maxwidth=-1");
    expect([size.status, size.body.errors[0].field]).toEqual([400, "maxwidth"]);
  });
});

describe("the sitemap", () => {
  const read = async (path: string) => {
    const response = await server.request(path);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      200,
      "application/xml; charset=utf-8",
    ]);
    return [...(await response.text()).matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc = ""]) => decode(loc));
  };

  test("is named by robots.txt, which closes what is for members", async () => {
    const text = await (await server.request("/robots.txt")).text();
    expect(text).toContain(`\nSitemap: ${server.origin}/sitemap.xml\n`);
    expect(text).toMatch(/^User-agent: \*\n/);
    for (const path of ["/settings", "/admin", "/login"]) expect(text).toContain(`\nDisallow: ${path}\n`);
    expect(text).toContain("\nAllow: /\n");
  });

  test("leads to the public works and the users, and to nothing else", async () => {
    expect(await read("/sitemap.xml")).toEqual([
      `${server.origin}/sitemap/users/0`,
      `${server.origin}/sitemap/works/0`,
    ]);
    expect(await read("/sitemap/users/0")).toEqual(
      ["root_user", "alice", "bob"].map((name) => `${server.origin}/users/${name}`),
    );
    const works = await read("/sitemap/works/0");
    expect(works).toHaveLength(3);
    expect(works.slice(0, 2)).toEqual(
      ["Low%20tide", "Behind%20a%20curtain"].map((name) => `${server.origin}/asset/${name}`),
    );
    for (const path of [
      "/sitemap/works/1",
      "/sitemap/works/x",
      "/sitemap/else/0",
      "/sitemap/works/9999999999",
    ]) {
      expect([path, (await server.request(path)).status]).toEqual([path, 404]);
    }
  });
});

describe("a suspended user", () => {
  test("and what he made are in no list, no feed, no sitemap and no card", async () => {
    const suspend = (since: string) =>
      query(server.databaseUrl, `update users set suspended = ${since} where username = 'bob'`);
    await suspend("now()");
    try {
      const read = async (path: string) => await (await server.request(path)).text();
      expect(await read("/feed.atom")).toContain("Low tide");
      expect(await read("/feed.atom")).not.toContain("curtain");
      expect(await read("/sitemap/works/0")).not.toContain("curtain");
      expect(await read("/sitemap/users/0")).not.toContain("bob");
      expect((await server.request("/users/bob/feed.atom")).status).toBe(410);
      for (const path of ["/", "/assets"]) {
        const headers = { Accept: "text/html" };
        const page = await (await server.request(path, { headers })).text();
        expect(page, path).toContain("Low tide");
        expect(page, path).not.toContain("curtain");
      }
      const page = encodeURIComponent(`${server.origin}/asset/Behind%20a%20curtain`);
      expect((await server.request(`/oembed?url=${page}`)).status).toBe(404);
    } finally {
      await suspend("null");
    }
  });
});

describe("the number of works", () => {
  test("is that of the table, however it changes", async () => {
    const total = async (filter = "") => (await server.json("GET", `/assets${filter}`)).body.total;
    expect(await total()).toBe(5);
    await register(alice, { name: "Short-lived", asset_type: "other" });
    expect([await total(), await total("?owner=alice")]).toEqual([6, 4]);
    await server.json("DELETE", "/assets/Short-lived", undefined, alice);
    expect([await total(), await total("?owner=alice")]).toEqual([5, 3]);
  });

  test("of those that a filter finds is told up to 10,000, and the page says that there may be more", async () => {
    const count = 10_050;
    await query(
      server.databaseUrl,
      `with users as (select id from users where username = 'root_user'),
       start as (select size from log),
       acts as (
         insert into activities (index, user_id, type, document, created)
         select start.size + n, users.id, 'Create', '{}', now() from start, users, generate_series(0, $1 - 1) n
         returning index)
       insert into assets (name, hash_algorithm, content_hash, asset_type, user_id, activity_index, latest_index, later_claim, post, created)
       select 'Bulk ' || index, 'sha3-256', encode(sha256(index::text::bytea), 'hex'), 'effect', users.id, index, index, false, 'public', now()
       from acts, users`,
      [count],
    );
    await query(server.databaseUrl, "update log set size = size + $1", [count]);
    const read = async (path: string) => (await server.json("GET", path)).body.total;
    expect(await read("/assets")).toBe(5 + count);
    expect(await read("/assets?type=effect")).toBe(10_000);
    expect(await readPage("/assets?type=effect")).toContain("10,000 works or more found");
    expect(await readPage("/assets")).toContain("10,055 works");

    const index = await (await server.request("/sitemap.xml")).text();
    expect(index.match(/sitemap\/works\/\d+/g)).toEqual(["sitemap/works/0", "sitemap/works/1"]);
    const parts = await Promise.all(
      [0, 1].map(async (part) => await (await server.request(`/sitemap/works/${part}`)).text()),
    );
    const works = parts.map((part) => part.match(/<loc>/g)?.length ?? 0);
    expect(works[0]).toBeLessThanOrEqual(10_000);
    expect(Number(works[0]) + Number(works[1])).toBe(3 + count);
  });
});
