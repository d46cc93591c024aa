import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";

const hash = (number: number) => number.toString(16).padStart(64, "0");
const hostile = `<script>alert("x")</script>'&amp;]]>\uFFFE`;

interface Feed {
  readonly root: string;
  readonly feed: Record<string, string>;
  readonly links: Record<string, string>[];
  readonly entries: {
    readonly texts: Record<string, string>;
    readonly links: Record<string, string>[];
    readonly categories: (string | null)[];
    /** What stands in the HTML of the content: names of elements, and its text. */
    readonly elements: string[];
    readonly text: string;
  }[];
}

// The reader is a browser, which is driven from Node; the feed is the same either way.
describe.skipIf("deno" in process.versions)("a feed", () => {
  let server: TestServer;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startTestServer({ ARTDAG_USER: "root_user" });
    const [alice, bob] = [await server.register("alice"), await server.register("bob")];
    await server.json("PATCH", "/users/alice", { name: "Alice & <A>" }, alice);
    const works: [string, Json][] = [
      [alice, { name: "Oldest", asset_type: "audio" }],
      [
        alice,
        {
          name: "Low tide",
          asset_type: "image",
          url: "https://media.example/tide.jpg?a=1&b=2",
          media_type: "image/jpeg",
          alt: "Wet sand",
          description: "First line\n\nSecond <b>line</b>",
          tags: ["sea", "long exposure"],
          language: "en",
          license: "CC BY 4.0",
        },
      ],
      [
        bob,
        {
          name: "Behind a curtain",
          asset_type: "image",
          url: "https://media.example/curtain.jpg",
          description: "what is behind",
          content_warning: "Spiders & co",
          sensitive: true,
        },
      ],
      [
        bob,
        {
          name: `<script>alert("x")<script>'&amp;]]>`,
          asset_type: "image",
          description: hostile,
        },
      ],
      [alice, { name: "For followers", asset_type: "image", post: "unlisted" }],
      [bob, { name: "A recipe", asset_type: "recipe" }],
    ];
    for (const [at, [token, work]] of works.entries())
      await register(token, { content_hash: hash(at), ...work });
    const browser = await startBrowser();
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    const picture = { contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
    await page.route("https://media.example/**", (route) => route.fulfill(picture));
    await page.goto(`${server.origin}/users/bob`);
  });

  async function register(token: string, work: Json): Promise<void> {
    const { status, body } = await server.json("POST", "/assets", work, token);
    expect([status, body]).toEqual([201, expect.anything()]);
  }

  /** Reads a feed as a browser parses it; what is no XML is told as such. */
  async function read(path: string): Promise<Feed> {
    const response = await server.request(path);
    expect([path, response.status, response.headers.get("content-type")]).toEqual([
      path,
      200,
      "application/atom+xml; charset=utf-8",
    ]);
    return await page.evaluate(
      (text) => {
        const parsed = new DOMParser().parseFromString(text, "application/xml");
        const attributes = (element: Element) =>
          Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
        const children = (element: Element, name: string) =>
          [...element.children].filter((child) => child.localName === name);
        const texts = (element: Element) =>
          Object.fromEntries(
            [...element.children]
              .filter((child) => !["link", "entry", "category"].includes(child.localName))
              .map((child) => [child.localName, child.textContent ?? ""]),
          );
        const root = parsed.documentElement;
        return {
          root: `{${root.namespaceURI}}${root.localName}`,
          feed: texts(root),
          links: children(root, "link").map(attributes),
          entries: children(root, "entry").map((entry) => {
            const content = children(entry, "content")[0]?.textContent ?? "";
            const body = new DOMParser().parseFromString(content, "text/html").body;
            return {
              texts: texts(entry),
              links: children(entry, "link").map(attributes),
              categories: children(entry, "category").map((category) => category.getAttribute("term")),
              elements: [...body.querySelectorAll("*")].map(({ localName }) => localName),
              text: body.textContent ?? "",
            };
          }),
        };
      },
      await response.text(),
    );
  }

  test("of the server is Atom with the newest public works, and says whose they are", async () => {
    const { root, feed, links, entries } = await read("/feed.atom");
    expect(root).toBe("{http://www.w3.org/2005/Atom}feed");
    expect(feed["id"]).toBe(`${server.origin}/feed.atom`);
    expect(feed["updated"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(feed["author"]).toBeUndefined();
    expect(links).toContainEqual(
      expect.objectContaining({ rel: "self", href: `${server.origin}/feed.atom` }),
    );
    expect(entries.map(({ texts }) => texts["title"])).toEqual([
      `<script>alert("x")<script>'&amp;]]>`,
      "Behind a curtain",
      "Low tide",
      "Oldest",
    ]);
    const { host } = new URL(server.origin);
    expect(entries.map(({ texts }) => texts["author"])).toEqual(
      ["bob", "bob", "alice", "alice"].map((name) => `@${name}@${host}${server.origin}/users/${name}`),
    );
    expect(entries.map(({ texts }) => texts["id"])).toEqual(
      [3, 2, 1, 0].map((index) => `${server.origin}/notes/${index}`),
    );
  });

  test("of a user holds only his works, with him as the author of all", async () => {
    const { feed, entries } = await read("/users/alice/feed.atom");
    expect(feed).toMatchObject({
      id: `${server.origin}/users/alice/feed.atom`,
      title: "Works by Alice & <A>",
      author: `Alice & <A>${server.origin}/users/alice`,
    });
    expect(entries.map(({ texts }) => [texts["title"], texts["author"]])).toEqual([
      ["Low tide", undefined],
      ["Oldest", undefined],
    ]);
    expect((await read("/users/root_user/feed.atom")).entries).toEqual([]);
    expect((await server.request("/users/nobody/feed.atom")).status).toBe(404);
  });

  test("shows a work with its picture, its words, its tags and its file", async () => {
    const work = (await read("/feed.atom")).entries[2];
    expect(work).toMatchObject({
      elements: ["p", "img", "p", "p", "p", "a", "a", "p", "a"],
      text: "First lineSecond <b>line</b>#sea #long exposureLow tide",
      categories: ["sea", "long exposure"],
    });
    expect(work?.texts).toMatchObject({ rights: "CC BY 4.0" });
    expect(work?.links).toEqual([
      { rel: "alternate", type: "text/html", href: `${server.origin}/asset/Low%20tide` },
      { rel: "alternate", type: "application/activity+json", href: `${server.origin}/notes/1` },
      {
        rel: "enclosure",
        type: "image/jpeg",
        title: "Low tide",
        href: "https://media.example/tide.jpg?a=1&b=2",
      },
    ]);
  });

  test("shows of what stands behind a warning the warning alone", async () => {
    const work = (await read("/feed.atom")).entries[1];
    expect(work?.text).toBe("Sensitive work: Spiders & coBehind a curtain");
    expect(work?.links.map(({ rel }) => rel)).toEqual(["alternate", "alternate"]);
    expect(JSON.stringify(work)).not.toContain("what is behind");
  });

  test("lets nobody write markup into it", async () => {
    const work = (await read("/feed.atom")).entries[0];
    expect(work?.elements).toEqual(["p", "p", "a"]);
    expect(work?.text).toContain(hostile.slice(0, -1));
  });

  test("goes on at its next page until nothing is left", async () => {
    const titles: string[] = [];
    let next: string | undefined = "/feed.atom?limit=3";
    let pages = 0;
    while (next != null) {
      const { feed, links, entries } = await read(next);
      pages++;
      titles.push(...entries.map(({ texts }) => texts["title"] ?? ""));
      expect(feed["id"]).toBe(`${server.origin}/feed.atom`);
      const link = (rel: string) => links.find((found) => found["rel"] === rel)?.["href"];
      expect([link("self"), link("first")]).toEqual([
        new URL(next, server.origin).href,
        `${server.origin}/feed.atom`,
      ]);
      next = link("next");
    }
    expect([pages, titles.length, new Set(titles).size]).toEqual([2, 4, 4]);
  });

  test("and data for search engines are nothing that a browser complains about", async () => {
    for (const path of ["/", "/asset/Low%20tide", "/users/alice"]) {
      await page.goto(server.origin + path);
      const data = await page.textContent('script[type="application/ld+json"]');
      expect(JSON.parse(data ?? "")).toMatchObject({ "@context": "https://schema.org" });
    }
    expect(complaints).toEqual([]);
  });
});
