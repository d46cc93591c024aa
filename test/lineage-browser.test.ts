import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { hashOf, registerWork } from "./helpers/works.ts";

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("a visitor with a browser who looks at a lineage", () => {
  let server: TestServer;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    const token = await server.register("bert");
    for (const name of ["anna", "carl"]) await server.register(name);
    const [photo, noise, blur, mix] = ["photo", "noise", "blur", "mix"].map(hashOf) as [
      string,
      string,
      string,
      string,
    ];
    await registerWork(server, "anna", { name: "photo of the sea at low tide", hash: photo });
    await registerWork(server, "carl", { name: "the same photo", hash: photo });
    await registerWork(server, "bert", { name: "noise", hash: noise });
    await registerWork(server, "bert", { name: "mix", hash: mix, inputs: { photo, noise }, recipe: blur });
    await registerWork(server, "carl", { name: "film", hash: hashOf("film"), inputs: [mix, photo] });
    await server.json("DELETE", "/assets/noise", undefined, token);
    const browser = await startBrowser();
    const context = await browser.newContext({
      javaScriptEnabled: true,
      viewport: { width: 390, height: 800 },
    });
    page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  });

  test.each(["light", "dark"] as const)("finds nothing wrong with it in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const path of ["/asset/mix", "/asset/mix/lineage"]) {
      await page.goto(server.origin + path);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      expect(wide).toBeLessThanOrEqual(390);
    }
    expect(complaints).toEqual([]);
  });

  test("goes from work to work by the picture's links, with the keyboard", async () => {
    await page.goto(`${server.origin}/asset/mix/lineage`);
    await page.focus("a.lineage-node[aria-label^=film]");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${server.origin}/asset/film`);
    await page.click("text=Whole lineage");
    expect(page.url()).toBe(`${server.origin}/asset/film/lineage`);
    expect(await page.textContent("#credits ~ ul")).toMatch(/@bert@.*@anna@.*@carl@/);
  });

  test("is led from what was withdrawn to its row in the list", async () => {
    await page.goto(`${server.origin}/asset/mix/lineage`);
    await page.focus("a.lineage-node.withdrawn");
    await page.keyboard.press("Enter");
    expect(await page.textContent("tr:target")).toContain("withdrawn");
  });
});
