import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { fillSite, type SamplePage, samplePages } from "./helpers/sample-site.ts";
import { findFreePort, startTestServer, type TestServer } from "./helpers/server.ts";
import { startReferenceL1 } from "./reference-l1/server.ts";

/** Compressed, without what a page shows of others' media. */
const maxWeight = { page: 60 * 1024, islands: 30 * 1024 };

const looks = [
  { title: "on a desk, light", width: 1280, height: 900, colorScheme: "light" },
  { title: "on a telephone, dark", width: 320, height: 640, colorScheme: "dark" },
] as const;

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("every page", () => {
  let server: TestServer;
  let browser: Browser;

  beforeAll(async () => {
    const port = await findFreePort();
    const l1 = await startReferenceL1({ l2Origin: `http://localhost:${port}` });
    afterAll(() => l1.stop());
    server = await startTestServer({ PORT: String(port), L1_SERVERS: l1.origin });
    await fillSite({ ...server, l1: l1.origin });
    browser = await startBrowser();
  });

  async function signIn(context: BrowserContext, username: string): Promise<void> {
    const password = username === "alice" ? server.password : "correct horse battery";
    const body = { username, password };
    const { access_token } = (await server.json("POST", "/auth/login", body)).body;
    await context.addCookies([{ name: "sid", value: access_token, url: server.origin }]);
  }

  describe.each(looks)("$title", ({ width, height, colorScheme }) => {
    const contexts = new Map<string, Page>();
    const complaints: string[] = [];

    async function open({ path, as }: SamplePage): Promise<Page> {
      let page = contexts.get(as ?? "");
      if (page == null) {
        const viewport = { width, height };
        const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
        if (as != null) await signIn(context, as);
        page = await context.newPage();
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(String(error)));
        contexts.set(as ?? "", page);
      }
      complaints.length = 0;
      const host = encodeURIComponent(new URL(server.origin).host);
      await page.goto(server.origin + path.replace("{host}", host));
      return page;
    }

    test.each(samplePages)(
      "$name has no fault that axe knows, is no wider than the screen, and has nothing to complain about",
      async (sample) => {
        const page = await open(sample);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const faults = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
        expect(faults).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
        // A browser says so of every page that is answered with an error.
        const expected = sample.status == null ? [] : [`status of ${sample.status} `];
        expect(complaints.map((text) => /status of \d+ /.exec(text)?.[0] ?? text)).toEqual(expected);
      },
    );
  });

  test.each(samplePages.filter(({ as }) => as == null))("$name weighs little", async ({ path }) => {
    const { gzipSync } = await import("node:zlib");
    const read = async (address: string) => {
      const answer = await server.request(address, { headers: { Accept: "text/html" } });
      return gzipSync(Buffer.from(await answer.arrayBuffer())).length;
    };
    const islands = (await read("/islands.js")) + (await read("/hash-worker.js"));
    expect(islands).toBeLessThan(maxWeight.islands);
    expect((await read(path)) + (await read("/style.css")) + (await read("/islands.js"))).toBeLessThan(
      maxWeight.page,
    );
  });
});
