import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { startBrowser } from "../helpers/browser.ts";
import { makeTemporaryDirectory, startTestServer } from "../helpers/server.ts";

const size = 2 * 2 ** 30;

/** Writes 2 GiB of which no two mebibytes are alike. */
async function writeLargeFile(file: string): Promise<void> {
  const handle = await open(file, "w");
  const piece = Buffer.alloc(2 ** 20, "art dag");
  for (let at = 0; at < size / piece.length; at++) {
    piece.writeUInt32BE(at, 0);
    await handle.write(piece);
  }
  await handle.close();
}

/** Resident memory of all processes of the browser, in MiB, shared pages counted in part (PSS). */
function measureBrowser(): number {
  const processes = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return processes.reduce((sum, id) => {
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, "utf8").includes("chromium")) return sum;
      const [, kilobytes = "0"] =
        /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8")) ?? [];
      return sum + Number(kilobytes) / 1024;
    } catch {
      return sum;
    }
  }, 0);
}

test("a file of 2 GiB is hashed in the browser with a moving bar and without being held in memory", async () => {
  const server = await startTestServer();
  await server.register("vera");
  const file = path.join(await makeTemporaryDirectory(), "large.bin");
  await writeLargeFile(file);
  const hash = createHash("sha3-256");
  await pipeline(createReadStream(file), hash);

  const page = await (await startBrowser()).newPage();
  await page.goto(`${server.origin}/login?next=/new`);
  await page.fill("[name=username]", "vera");
  await page.fill("[name=password]", "correct horse battery");
  await page.click("main button[type=submit]");
  const before = measureBrowser();
  const started = performance.now();
  await page.setInputFiles("#work-file", file);
  const positions: number[] = [];
  let most = 0;
  while (!(await page.isVisible("text=Hashed 2.0 GiB."))) {
    const position = await page.evaluate(() => document.querySelector("progress")?.value);
    if (position != null) positions.push(position);
    most = Math.max(most, measureBrowser());
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(
    `2 GiB in ${seconds.toFixed(1)} s; memory of the browser ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most; ${positions.length} looks at the bar\n`,
  );
  expect(await page.inputValue("[name=content_hash]")).toBe(hash.digest("hex"));
  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(new Set(positions).size).toBeGreaterThan(5);
  expect(most - before).toBeLessThan(512);
});
