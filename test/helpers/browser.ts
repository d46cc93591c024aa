import type { Browser } from "playwright-core";
import { afterAll } from "vitest";
import { launchChromium } from "./chromium.ts";

/** Starts a real browser, which ends after the tests of the file. */
export async function startBrowser(): Promise<Browser> {
  const browser = await launchChromium();
  afterAll(() => browser.close());
  return browser;
}
