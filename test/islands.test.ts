import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { eventually, makeTemporaryDirectory, startTestServer, type TestServer } from "./helpers/server.ts";

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("what a browser does beside a page", () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let directory: string;
  let token: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    token = await server.register("vera");
    directory = await makeTemporaryDirectory();
    await mkdir(directory, { recursive: true });
    browser = await startBrowser();
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${server.origin}/login?next=/new`);
    await page.fill("[name=username]", "vera");
    await page.fill("[name=password]", "correct horse battery");
    await page.click("main button[type=submit]");
  });

  const value = (name: string) => page.inputValue(`[name=${name}]`);

  /** A picture that the browser itself has painted. */
  async function paint(name: string, width: number, height: number): Promise<string> {
    const url = await page.evaluate(
      ([w = 1, h = 1]) => {
        const canvas = document.createElement("canvas");
        canvas.width = w;
        canvas.height = h;
        const pen = canvas.getContext("2d");
        for (let x = 0; x < w; x += 10) {
          if (pen != null) pen.fillStyle = `hsl(${(360 * x) / w} 80% 50%)`;
          pen?.fillRect(x, 0, 10, h);
        }
        return canvas.toDataURL("image/png");
      },
      [width, height],
    );
    const file = path.join(directory, name);
    await writeFile(file, Buffer.from(url.split(",")[1] ?? "", "base64"));
    return file;
  }

  test("a chosen picture fills the form with its hash, its measures, a blur and a preview", async () => {
    const file = await paint("Low tide.png", 2400, 1200);
    await page.setInputFiles("#work-file", file);
    const bytes = await readFile(file);
    await eventually("the hash is filled in", async () =>
      (await value("content_hash")) === "" ? undefined : true,
    );
    await eventually("the blur is filled in", async () =>
      (await value("blurhash")) === "" ? undefined : true,
    );
    expect(await value("content_hash")).toBe(createHash("sha3-256").update(bytes).digest("hex"));
    expect(await value("name")).toBe("Low tide");
    expect(await value("asset_type")).toBe("image");
    expect(await value("media_type")).toBe("image/png");
    expect([await value("width"), await value("height"), await value("duration")]).toEqual([
      "2400",
      "1200",
      "",
    ]);
    expect(await page.textContent("main")).toContain("Hashed ");
  });

  test("the form registers what was filled in", async () => {
    await page.click("main form[data-work-file] button[type=submit]");
    expect(page.url()).toBe(`${server.origin}/asset/Low%20tide`);
    const { body } = await server.json("GET", "/assets/Low%20tide");
    expect(body).toMatchObject({ width: 2400, height: 1200, media_type: "image/png", asset_type: "image" });
    expect(body.blurhash).toMatch(/^.{6,}$/);
    const preview = await server.request(new URL(body.preview_url).pathname);
    expect([preview.status, preview.headers.get("content-type")]).toEqual([200, "image/webp"]);
  });

  test("a file that is claimed already is named at once, with its owner", async () => {
    await page.goto(`${server.origin}/new`);
    await page.setInputFiles("#work-file", await paint("Low tide again.png", 2400, 1200));
    await page.waitForSelector("text=This file is claimed already");
    expect(await page.textContent(".notice.warn")).toContain("Low tide by @vera");
  });

  test("what was written by hand stays when a file is chosen", async () => {
    await page.goto(`${server.origin}/new`);
    await page.fill("[name=name]", "My own name");
    await page.setInputFiles("#work-file", await paint("other.png", 30, 20));
    await page.waitForSelector("text=Hashed ");
    expect(await value("name")).toBe("My own name");
  });

  test("a hash that is typed is looked up as well", async () => {
    const { body } = await server.json("GET", "/assets/Low%20tide");
    await page.goto(`${server.origin}/new`);
    await page.fill("[name=content_hash]", body.content_hash);
    await page.press("[name=content_hash]", "Tab");
    await page.waitForSelector("text=This file is claimed already");
    expect(await page.getAttribute(".notice.warn a", "href")).toBe(body.page);
  });

  test("a large file is hashed with a moving bar, and can be stopped", async () => {
    const file = path.join(directory, "large.bin");
    const bytes = Buffer.alloc(256 * 1024 * 1024, "0123456789abcdef");
    await writeFile(file, bytes);
    await page.goto(`${server.origin}/new`);
    await page.setInputFiles("#work-file", file);
    await page.waitForFunction(() => (document.querySelector("progress")?.value ?? 0) > 0);
    await page.click("text=Stop");
    await page.waitForSelector("text=Stopped.");
    expect(await value("content_hash")).toBe("");
    await page.setInputFiles("#work-file", []);
    await page.setInputFiles("#work-file", file);
    await page.waitForSelector("text=Hashed 256 MiB.", { timeout: 60_000 });
    expect(await value("content_hash")).toBe(createHash("sha3-256").update(bytes).digest("hex"));
    expect(await value("asset_type")).toBe("other");
  }, 120_000);

  test("another file takes back all that the one before had filled in, also where it is not hashed to the end", async () => {
    await page.goto(`${server.origin}/new`);
    await page.setInputFiles("#work-file", await paint("first.png", 300, 200));
    await page.waitForSelector("text=Hashed ");
    await eventually("the blur is filled in", async () =>
      (await value("blurhash")) === "" ? undefined : true,
    );
    await page.setInputFiles("#work-file", path.join(directory, "large.bin"));
    await page.click("text=Stop");
    await page.waitForSelector("text=Stopped.");
    const names = ["content_hash", "media_type", "width", "height", "blurhash"];
    expect(await Promise.all(names.map(value))).toEqual(["", "application/octet-stream", "", "", ""]);
    expect(await value("name")).toBe("large");
    expect(await page.locator("img.preview").count()).toBe(0);
    await page.setInputFiles("#work-file", []);
    expect([await value("media_type"), await value("name")]).toEqual(["", ""]);
  });

  test("the list of activities grows while it is looked at, and not without end", async () => {
    const watcher = await browser.newPage();
    await watcher.goto(`${server.origin}/activities`);
    const register = async (name: string, digit: string) => {
      const content_hash = digit.repeat(64);
      const work = { name, content_hash, asset_type: "other" };
      expect((await server.json("POST", "/assets", work, token)).status).toBe(201);
    };
    await register("First <i>seen", "1");
    await watcher.waitForSelector("text=First <i>seen");
    await register("Then seen", "2");
    await watcher.waitForSelector("text=Then seen");
    const names = await watcher.locator(".register > li").allTextContents();
    expect(names.slice(0, 2).map((text) => /Then seen|First/.exec(text)?.[0])).toEqual([
      "Then seen",
      "First",
    ]);
    await watcher.close();
  });

  test("no browser complains about any of it", () => {
    expect(complaints).toEqual([]);
  });
});
