import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("a visitor with a keyboard alone", () => {
  let server: TestServer;
  let page: Page;

  beforeAll(async () => {
    server = await startTestServer();
    const browser = await startBrowser();
    page = await (await browser.newContext()).newPage();
  });

  /** Goes on from one thing that can be used to the next, until one matches; each on the way must show that it is. */
  async function tabTo(selector: string): Promise<void> {
    for (let steps = 0; steps < 120; steps++) {
      await page.keyboard.press("Tab");
      const [there, seen] = await page.evaluate((wanted) => {
        const element = document.activeElement;
        if (element == null || element === document.body) return [false, true];
        const { outlineStyle } = getComputedStyle(element);
        const after = getComputedStyle(element, "::after").outlineStyle;
        return [element.matches(wanted), outlineStyle !== "none" || after !== "none"];
      }, selector);
      const what = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      expect(seen, `the focus can't be seen on ${what}`).toBe(true);
      if (there) return;
    }
    throw new Error(`${selector} can't be reached on ${page.url()}`);
  }

  async function type(name: string, text: string): Promise<void> {
    await tabTo(`[name=${name}]`);
    await page.keyboard.type(text);
  }

  /** Uses what has the focus, and waits for the page that it leads to. */
  async function use(key = "Enter"): Promise<void> {
    await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
  }

  test("skips to the content", async () => {
    await page.goto(server.origin);
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe(
      "Skip to the content",
    );
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
  });

  test("registers", async () => {
    await page.goto(server.origin);
    await tabTo("header a[href='/register']");
    await use();
    await type("username", "vera");
    await type("password", "correct horse battery");
    await use();
    expect(page.url()).toBe(`${server.origin}/users/vera`);
  });

  test("registers a work, and finds from the list of what is wrong to the field", async () => {
    await tabTo("header a[href='/new']");
    await use();
    await type("name", "Low tide");
    await type("content_hash", "abc");
    await use();
    await tabTo("[role=alert] a");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("content_hash");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("a".repeat(64));
    await use();
    expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
  });

  test("changes it", async () => {
    await tabTo("main a[href$='/edit']");
    await use();
    await type("description", "The sea at noon");
    await tabTo("[name=sensitive]");
    await page.keyboard.press("Space");
    await tabTo("main button[type=submit]");
    await use();
    const { body } = await server.json("GET", "/assets/Low%20tide");
    expect(body).toMatchObject({ description: "The sea at noon", sensitive: true });
  });

  test("opens a veil, likes and answers", async () => {
    await page.goto(`${server.origin}/asset/Low%20tide`);
    await tabTo("form[action='/reactions'] button.link");
    await use("Space");
    await tabTo("details:has([name=content]) > summary");
    await page.keyboard.press("Enter");
    await type("content", "I was there.");
    await tabTo("main button[type=submit]");
    await use();
    const { body } = await server.json("GET", "/assets/Low%20tide");
    expect(body).toMatchObject({ likes: 1, replies: 1 });
  });

  test("withdraws it, and signs out", async () => {
    await tabTo("main a[href$='/withdraw']");
    await use();
    await tabTo("main button[type=submit]");
    await use();
    expect((await server.json("GET", "/assets/Low%20tide")).status).toBe(410);
    await tabTo("header button");
    await use();
    expect(await page.textContent("header")).toContain("Sign in");
  });

  test("signs in again", async () => {
    await tabTo("header a[href='/login']");
    await use();
    await type("username", "vera");
    await type("password", "correct horse battery");
    await use();
    expect(await page.textContent("header")).toContain("Sign out");
  });
});
