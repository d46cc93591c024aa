import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { jpeg, makePng, makeWebp } from "./helpers/images.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("an artist without script", () => {
  let server: TestServer;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    const browser = await startBrowser();
    page = await browser.newPage({ javaScriptEnabled: false });
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await page.goto(`${server.origin}/register`);
    await page.fill("[name=username]", "vera");
    await page.fill("[name=password]", "correct horse battery");
    await page.click("main button[type=submit]");
  });

  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.setInputFiles("[name=preview]", { name, mimeType, buffer });
  /** The widths of the pictures that the page shows. */
  const seen = () =>
    page
      .locator("main img")
      .evaluateAll((images) => images.map((image) => ("naturalWidth" in image ? image.naturalWidth : 0)));

  test("registers a work with its preview, and sees it there and in the gallery", async () => {
    await page.goto(`${server.origin}/new`);
    await page.fill("[name=name]", "Low tide");
    await page.fill("[name=content_hash]", "d".repeat(64));
    await page.getByLabel("Preview").setInputFiles({
      name: "tide.webp",
      mimeType: "image/webp",
      buffer: makeWebp("extended"),
    });
    await page.click("main button[type=submit]");
    expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
    await expect.poll(seen).toEqual([16]);
    await page.goto(`${server.origin}/assets`);
    await expect.poll(seen).toEqual([16]);
  });

  test("is told what is wrong with another one, replaces it, and removes it", async () => {
    await page.goto(`${server.origin}/asset/Low%20tide`);
    await page.click(".preview-form summary");
    await choose("tide.png", "image/png", Buffer.from("<script>alert(1)</script>"));
    await page.click("text=Set the preview");
    expect(await page.textContent("main")).toContain("Preview: must be a JPEG, PNG or WebP image");
    expect(await page.getAttribute("[name=preview]", "aria-invalid")).toBe("true");
    complaints.length = 0;
    for (const [name, type, bytes] of [
      ["tide.png", "image/png", makePng(20, 10)],
      ["tide.jpg", "image/jpeg", jpeg],
    ] as const) {
      await choose(name, type, bytes);
      await page.click("text=Set the preview");
      expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
      await expect.poll(seen).toEqual([name === "tide.png" ? 20 : 16]);
      await page.click(".preview-form summary");
    }
    await page.click("text=Remove the preview");
    await expect.poll(seen).toEqual([]);
  });

  test("meets nothing that the browser complains about", () => {
    expect(complaints).toEqual([]);
  });
});
