import type { Browser, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { startBrowser } from "./helpers/browser.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { killLeftovers, startProcess, startRendererProcess } from "./helpers/process.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "./helpers/server.ts";
import { makeSamples } from "./reference-l1/samples.ts";

killLeftovers();

// The browser is driven from Node; what it shows is the same server either way.
describe.skipIf("deno" in process.versions)("an artist with a browser and a renderer", () => {
  const { image, collage } = makeSamples().runs;
  let l1: string;
  let l2: string;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const port = await findFreePort();
    l2 = `http://localhost:${port}`;
    l1 = await startRendererProcess(l2);
    await startProcess({
      PORT: String(port),
      DATABASE_URL: await createTestDatabase(),
      ARTDAG_DATA: await makeTemporaryDirectory(),
      L1_SERVERS: l1,
    });
    browser = await startBrowser();
    page = await (await browser.newContext()).newPage();
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  });

  test("signs in, attaches the renderer, and arrives there as who they are", async () => {
    await page.goto(`${l2}/register`);
    await page.fill("[name=username]", "vera");
    await page.fill("[name=password]", "correct horse battery");
    await page.click("main button[type=submit]");
    await page.click("header >> text=Renderers");
    await page.getByRole("button", { name: "Attach" }).click();
    // The renderer has taken the token out of its address already.
    expect(page.url()).toBe(`${l1}/`);
    expect(await page.textContent("main")).toContain("Signed in as vera");
  });

  test("comes back and sees that the renderer is attached, and has asked who it was", async () => {
    await page.click("main a[href$='/renderers']");
    expect(page.url()).toBe(`${l2}/renderers`);
    const text = await page.textContent("main");
    expect(text).toContain("Attached");
    expect(text).not.toContain("Not yet");
  });

  test.each([image, collage])("records the run that made $outputName", async ({ id, outputName }) => {
    await page.goto(`${l2}/renderers`);
    await page.click("text=recorded as a work of yours");
    await page.fill("[name=run_id]", id);
    await page.fill("[name=output_name]", outputName);
    await page.selectOption("[name=verify_bytes]", "true");
    await page.click("main button[type=submit]");
    expect(page.url()).toBe(`${l2}/asset/${outputName}`);
  });

  test("sees the work itself, that its bytes were checked, and from what it was made", async () => {
    await page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>(".work-media img")?.naturalWidth ?? 0) > 0,
    );
    expect(await page.textContent("main")).toMatch(/this server has (?:hashed|read|checked)/i);
    const names = await page.locator("svg.lineage a, .lineage svg a").allTextContents();
    expect(names.join("\n")).toContain(image.outputName);
    await page.click(`svg >> text=${image.outputName}`);
    expect(page.url()).toBe(`${l2}/asset/${image.outputName}`);
    expect(await page.locator("svg").first().textContent()).toContain(collage.outputName);
  });

  test("detaches the renderer, whose next question is answered with no within a second", async () => {
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(`${l1}/`);
    expect(await elsewhere.textContent("main")).toContain("Signed in as vera");
    await page.goto(`${l2}/renderers`);
    await page.getByRole("button", { name: "Detach" }).click();
    const detached = performance.now();
    await eventually("the renderer knows nobody", async () => {
      await elsewhere.reload();
      return (await elsewhere.textContent("main"))?.includes("Nobody is signed in") === true
        ? true
        : undefined;
    });
    expect(performance.now() - detached).toBeLessThan(1000);
    expect(await page.textContent("main")).not.toContain("Attached");
  });

  test("has met nothing that the browser complains about", () => {
    expect(complaints).toEqual([]);
  });
});
