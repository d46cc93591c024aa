import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { eventually, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

/** Each would leave a mark in a page that runs it. */
const attacks = [
  "<script>document.documentElement.dataset.pwned = 1</script>",
  `"><img src=x onerror="document.documentElement.dataset.pwned=1">`,
  "'><svg onload='document.documentElement.dataset.pwned=1'>",
  "javascript:document.documentElement.dataset.pwned=1",
  "</title></textarea></style><script>document.documentElement.dataset.pwned=1</script>",
  `<a href="javascript:document.documentElement.dataset.pwned=1" id="bait">click</a>`,
  `<iframe srcdoc="<script>parent.document.documentElement.dataset.pwned=1</script>"></iframe>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=document.documentElement.dataset.pwned=1&gt;">`,
  `<form action="javascript:document.documentElement.dataset.pwned=1"><button>click</button></form>`,
];

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("T36 text that would be a script", () => {
  let server: TestServer;
  let page: Page;
  const complaints: string[] = [];
  const pages: string[] = ["/", "/assets", "/activities", "/users", "/users/vera", "/home", "/settings"];

  beforeAll(async () => {
    server = await startTestServer();
    const token = await server.register("vera");
    for (const [at, text] of attacks.entries()) await registerWork(token, at, text);
    await server.json("PATCH", "/users/vera", profile(attacks), token);
    await insertRemoteText();
    const browser = await startBrowser();
    const context = await browser.newContext();
    await context.addCookies([{ name: "sid", value: token, url: server.origin }]);
    page = await context.newPage();
    page.on("console", (message) => complaints.push(message.text()));
    page.on("dialog", () => complaints.push("a dialog was opened"));
  });

  /** A name holds no slash, so that the text stands there without its slashes. */
  async function registerWork(token: string, at: number, text: string): Promise<void> {
    const name = `${at} ${text.replaceAll(/[/\\]/g, "")}`;
    const work = {
      name,
      content_hash: at.toString(16).padStart(64, "0"),
      asset_type: "image",
      description: text,
      tags: [text.slice(0, 100)],
      metadata: { [text]: text, nested: [text] },
      alt: text,
      license: text,
      content_warning: text,
    };
    const { status, body } = await server.json("POST", "/assets", work, token);
    expect(status, JSON.stringify(body)).toBe(201);
    const path = `/asset/${encodeURIComponent(name)}`;
    pages.push(path, `${path}/edit`, `${path}/withdraw`, `/activities/${body.asset.index}`);
  }

  function profile(texts: readonly string[]): object {
    const fields = texts.slice(0, 8).map((text) => ({ name: text.slice(0, 100), value: text }));
    return { name: texts[0], summary: texts.join("\n"), fields };
  }

  /** What other servers said, as if it had been believed when it arrived: it must be harmless where it is shown. */
  async function insertRemoteText(): Promise<void> {
    const content = attacks.join("\n");
    const [actor] = await query(
      server.databaseUrl,
      `insert into remote_actors (iri, username, host, name, url, inbox)
        values ('https://evil.test/mallory', 'mallory', 'evil.test', $1, $2, 'https://evil.test/inbox') returning id`,
      [attacks[1], "https://evil.test/@mallory"],
    );
    const { id } = actor as { id: number };
    await query(
      server.databaseUrl,
      `insert into following (user_id, actor_id, follow_iri, accepted)
        select id, $1, 'https://l2.test/follow', now() from users where username = 'vera'`,
      [id],
    );
    await query(
      server.databaseUrl,
      `insert into remote_posts (iri, actor_id, url, content, published)
        values ('https://evil.test/1', $1, 'javascript:document.documentElement.dataset.pwned=1', $2, now())`,
      [id, content],
    );
    await query(
      server.databaseUrl,
      `insert into interactions (kind, iri, actor_id, asset_id, content, url, published)
        select 'reply', 'https://evil.test/r' || assets.id, $1, assets.id, $2,
          'javascript:document.documentElement.dataset.pwned=1', now() from assets`,
      [id, content],
    );
  }

  test("is shown as text, and no script of it runs, on no page", async () => {
    for (const path of pages) {
      await page.goto(server.origin + path);
      for (const veil of await page.locator("details > summary").all()) await veil.click();
      for (const link of await page.locator("main a[href^='javascript' i]").all()) {
        complaints.push(`a link leads to ${await link.getAttribute("href")}`);
      }
      expect(await page.evaluate(() => document.documentElement.dataset["pwned"]), path).toBeUndefined();
    }
    // Nothing was even tried: a browser would have complained about the policy that it breaks.
    expect(complaints).toEqual([]);
  });

  test("is there, so that it was seen", async () => {
    await page.goto(`${server.origin}/home`);
    expect(await page.textContent("main")).toContain("click");
    await page.goto(`${server.origin}/users/vera`);
    expect(await page.textContent("main")).toContain("<script>document");
  });

  test("of the island that shows new activities is text as well", async () => {
    await page.goto(`${server.origin}/activities`);
    const token = await server.register("otto");
    await registerWork(token, 99, attacks[1] ?? "");
    await page.waitForSelector(".register > .new");
    expect(await page.evaluate(() => document.documentElement.dataset["pwned"])).toBeUndefined();
    expect(await page.textContent(".register > .new")).toContain("<img src=x onerror=");
    expect(complaints).toEqual([]);
  });

  test("would be seen, were it one", async () => {
    await page.evaluate((text) => (document.body.innerHTML = text), attacks[1] ?? "");
    const complained = () => Promise.resolve(complaints.length > 0 ? true : undefined);
    expect(await eventually("the browser complains", complained)).toBe(true);
    complaints.length = 0;
  });
});

describe.skipIf("deno" in process.versions)("T37 a foreign page in the browser of who is signed in", () => {
  let server: TestServer;
  let page: Page;
  let foreign: string;
  let body = "";

  beforeAll(async () => {
    server = await startTestServer();
    const token = await server.register("vera");
    const work = { name: "work", content_hash: "a".repeat(64), asset_type: "image" };
    await server.json("POST", "/assets", work, token);
    const site = createServer((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/html" }).end(body);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    afterAll(() => site.close());
    // The server is localhost, so that this is another site.
    foreign = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
    const context = await (await startBrowser()).newContext();
    const cookie = { name: "sid", value: token, url: server.origin, sameSite: "Lax" } as const;
    await context.addCookies([{ ...cookie, httpOnly: true }]);
    page = await context.newPage();
  });

  const readAll = () =>
    query(
      server.databaseUrl,
      `select (select count(*) from assets) as assets, (select count(*) from activities) as activities,
        (select count(*) from tokens where revoked is null) as sessions, (select count(*) from blocks) as blocks,
        (select count(*) from reactions) as reactions, (select string_agg(summary, '') from users) as texts`,
    );

  test("is not what the user opens: that is his own", async () => {
    await page.goto(`${server.origin}/asset/work/withdraw`);
    expect(await page.textContent("h1")).toContain("Withdraw");
  });

  test.each([
    ["/asset/work/withdraw", ""],
    ["/settings", "<input name=summary value=taken>"],
    ["/settings/sessions", "<input name=others value=1>"],
    ["/settings/blocks", "<input name=kind value=domain><input name=target value=friend.example>"],
    ["/reactions", "<input name=type value=like><input name=object value=x>"],
    ["/auth/logout", ""],
    ["/renderers", "<input name=l1_server value=https://l1.example>"],
  ])("changes nothing by sending a form to %s", async (path, fields) => {
    const before = await readAll();
    body = `<form method="post" action="${server.origin}${path}">${fields}</form><script>document.forms[0].submit()</script>`;
    const answer = page.waitForResponse((response) => response.url() === server.origin + path);
    await page.goto(foreign).catch(() => undefined);
    expect((await answer).status()).toBe(403);
    expect(await readAll()).toEqual(before);
  });

  test("changes nothing by following an address, and can't read or frame a page", async () => {
    const before = await readAll();
    body = `<iframe src="${server.origin}/settings"></iframe><img src="${server.origin}/auth/logout">
      <script>fetch("${server.origin}/settings", { credentials: "include" })
        .then((answer) => answer.text()).then((text) => (document.title = text), () => (document.title = "refused"))</script>`;
    await page.goto(foreign);
    await page.waitForFunction(() => document.title !== "");
    expect(await page.title()).toBe("refused");
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await framed?.locator("h1").count()).toBe(0);
    expect(await readAll()).toEqual(before);
  });
});
