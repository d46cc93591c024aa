import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";

// The browser is driven from Node; what it shows is the same server either way.
const looks = [
  { title: "at a desk, in the light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { title: "with a telephone, in the dark", viewport: { width: 320, height: 640 }, colorScheme: "dark" },
] as const;

describe.skipIf("deno" in process.versions).each(looks)(
  "a visitor with a browser without scripts, $title",
  (look) => {
    const { viewport, colorScheme } = look;
    let server: TestServer;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      server = await startTestServer({ L1_SERVERS: "https://l1.test" });
      const browser = await startBrowser();
      page = await browser.newPage({ javaScriptEnabled: false, viewport, colorScheme });
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    });

    const submit = () => page.click("main button[type=submit]");

    test("registers, and is signed in", async () => {
      await page.goto(`${server.origin}/register`);
      await page.fill("[name=username]", "vera");
      await page.fill("[name=password]", "correct horse battery");
      await submit();
      expect(page.url()).toBe(`${server.origin}/users/vera`);
      expect(await page.textContent("header")).toContain("Sign out");
    });

    test("registers a work, and is told what is wrong with it until nothing is", async () => {
      await page.goto(`${server.origin}/new`);
      await page.fill("[name=name]", "a/b");
      await page.fill("[name=content_hash]", "abc");
      await page.fill("[name=tags]", "sea, long exposure");
      await submit();
      expect(await page.textContent("main")).toContain("64 hexadecimal digits, or an IPFS CID");
      expect(await page.inputValue("[name=name]")).toBe("a/b");
      await page.fill("[name=name]", "Low tide");
      await page.fill("[name=content_hash]", "d".repeat(64));
      await submit();
      expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
      expect(await page.textContent("main")).toContain("long exposure");
      const { body } = await server.json("GET", "/assets/Low%20tide");
      expect(body).toMatchObject({ owner: "vera", tags: ["sea", "long exposure"] });
    });

    test("changes what is said of the work, and is told what is wrong first", async () => {
      await page.click("text=Change");
      expect(await page.inputValue("[name=tags]")).toBe("sea, long exposure");
      await page.fill("[name=description]", "The sea at noon");
      await page.fill("[name=tags]", "");
      await page.fill("[name=width]", "0");
      await page.check("[name=sensitive]");
      await submit();
      expect(await page.textContent("main")).toContain("Width: must be at least 1");
      expect(await page.inputValue("[name=description]")).toBe("The sea at noon");
      await page.fill("[name=width]", "640");
      await submit();
      expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
      const { body } = await server.json("GET", "/assets/Low%20tide");
      const changed = { description: "The sea at noon", tags: [], width: 640, sensitive: true };
      expect(body).toMatchObject(changed);
      await page.click("text=Change");
      await page.uncheck("[name=sensitive]");
      await submit();
      expect((await server.json("GET", "/assets/Low%20tide")).body).toMatchObject({
        ...changed,
        sensitive: false,
      });
    });

    test("withdraws another work only after having been asked", async () => {
      await page.goto(`${server.origin}/new`);
      await page.fill("[name=name]", "Regretted");
      await page.fill("[name=content_hash]", "e".repeat(64));
      await submit();
      await page.click("text=Withdraw");
      expect(await page.textContent("main")).toContain("This cannot be undone");
      expect((await server.json("GET", "/assets/Regretted")).status).toBe(200);
      await submit();
      expect(page.url()).toBe(`${server.origin}/users/vera`);
      expect((await server.json("GET", "/assets/Regretted")).status).toBe(410);
    });

    test("signs out, and in again with the right password only", async () => {
      await page.click("text=Sign out");
      expect(await page.textContent("header")).toContain("Sign in");
      await page.goto(`${server.origin}/login?next=/home`);
      await page.fill("[name=username]", "vera");
      await page.fill("[name=password]", "wrong");
      await submit();
      expect(await page.textContent("main")).toContain("The username or the password is wrong");
      expect(await page.inputValue("[name=password]")).toBe("");
      await page.fill("[name=password]", "correct horse battery");
      await submit();
      expect(page.url()).toBe(`${server.origin}/home`);
    });

    test("meets no page that its browser complains about", async () => {
      complaints.length = 0;
      for (const path of [
        "/",
        "/assets",
        "/activities",
        "/activities/0",
        "/users",
        "/users/vera",
        "/home",
        "/new",
        "/renderers/record",
      ]) {
        const response = await page.goto(server.origin + path);
        expect(response?.status(), path).toBe(200);
      }
      expect(complaints).toEqual([]);
    });
  },
);
