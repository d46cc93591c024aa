import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { oauthClient, type OAuthStandIn, startOAuthStandIn } from "./helpers/oauth-provider.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions).each([true, false])(
  "signing in elsewhere with a browser, with script: %s",
  (javaScriptEnabled) => {
    let server: TestServer;
    let standIn: OAuthStandIn;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      standIn = await startOAuthStandIn();
      standIn.person = { id: 1, login: "vera-elsewhere" };
      server = await startTestServer(
        { GITHUB_ID: oauthClient.id, GITHUB_SECRET: oauthClient.secret },
        { oauthEndpoints: { github: standIn.endpoints } },
      );
      browser = await startBrowser();
      page = await open();
    });

    async function open(): Promise<Page> {
      const context = await browser.newContext({ javaScriptEnabled });
      const opened = await context.newPage();
      opened.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      return opened;
    }

    /** What axe finds wrong with the page; it needs script to look. */
    async function findFaults(): Promise<string[]> {
      if (!javaScriptEnabled) return [];
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(", ")}`);
    }

    test("makes a newcomer a user", async () => {
      await page.goto(`${server.origin}/login?next=/assets`);
      expect(await findFaults()).toEqual([]);
      await page.click("text=Continue with GitHub");
      await page.waitForURL("**/register/linked");
      expect(await page.textContent("main")).toContain("vera-elsewhere");
      expect(await findFaults()).toEqual([]);
      await page.fill("[name=username]", "vera");
      await page.click("text=Register >> nth=-1");
      await page.waitForURL("**/assets");
      expect(await page.textContent("header")).toContain("@vera");
    });

    test("sets a password in the settings, unlinks, and links again", async () => {
      await page.goto(`${server.origin}/settings/sign-ins`);
      expect(await findFaults()).toEqual([]);
      await page.click("text=Unlink");
      expect(await page.textContent("[role=alert]")).toContain("Set a password first");
      complaints.length = 0;
      await page.click("text=Set one");
      expect(await findFaults()).toEqual([]);
      await page.fill("[name=new_password]", "correct horse battery");
      await page.click("main button[type=submit]");
      expect(await page.textContent("[role=status]")).toContain("It is changed");
      await page.goto(`${server.origin}/settings/sign-ins`);
      await page.click("text=Unlink");
      expect(await page.textContent("main")).toContain("You have linked none");
      await page.click("text=Link an account at GitHub");
      await page.waitForURL("**/settings/sign-ins");
      await page.waitForSelector("text=vera-elsewhere");
      expect(page.url()).toBe(`${server.origin}/settings/sign-ins`);
    });

    test("lets the user in again, who has nothing to type", async () => {
      page = await open();
      await page.goto(`${server.origin}/login`);
      await page.click("text=Continue with GitHub");
      await page.waitForURL(`${server.origin}/`);
      expect(await page.textContent("header")).toContain("@vera");
      expect(complaints).toEqual([]);
    });
  },
);
