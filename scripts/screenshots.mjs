// Takes a picture of every page of a server with sample works, in two themes and at two sizes: screenshots/.
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { launchChromium } from "../test/helpers/chromium.ts";
import { fillSite, samplePages } from "../test/helpers/sample-site.ts";
import { prepareSite } from "./site.mjs";

const folder = path.join(import.meta.dirname, "..", "screenshots");
const sizes = [
  ["desktop", { width: 1280, height: 900 }],
  ["phone", { width: 390, height: 844 }],
];
const themes = ["light", "dark"];
/** Only pages whose name begins so, where words were given. */
const wanted = process.argv.slice(2);
const pages = samplePages.filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);

const site = await prepareSite("alice", (message) => {
  process.stderr.write(message);
  process.exit(1);
});
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => void site.stop().then(() => process.exit(1)));
let browser;
try {
  const { l2, l1, password } = await site.start();
  await fillSite({ origin: l2, l1, ...connect(l2) });
  browser = await launchChromium();
  await rm(folder, { recursive: true, force: true });
  let count = 0;
  for (const [size, viewport] of sizes) {
    for (const theme of themes) {
      await takeAll(
        l2,
        password,
        { viewport, colorScheme: theme },
        path.join(folder, `${size}-${theme}`),
        () => {
          process.stdout.write(`\r${++count} of ${pages.length * sizes.length * themes.length} pictures`);
        },
      );
    }
  }
  process.stdout.write(`\nThe pictures are in ${path.relative(process.cwd(), folder)}.\n`);
} finally {
  await browser?.close();
  await site.stop();
}

async function takeAll(l2, password, options, target, taken) {
  await mkdir(target, { recursive: true });
  const tabs = new Map();
  for (const { name, path: address, as } of pages) {
    if (!tabs.has(as)) {
      const context = await browser.newContext({ ...options, reducedMotion: "reduce", deviceScaleFactor: 1 });
      tabs.set(as, await context.newPage());
      if (as != null) await signIn(tabs.get(as), l2, as, as === "alice" ? password : "correct horse battery");
    }
    const tab = tabs.get(as);
    await tab.goto(l2 + address.replace("{host}", encodeURIComponent(new URL(l2).host)));
    // What is still being asked for, such as pictures.
    await tab.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => undefined);
    await tab.screenshot({ path: path.join(target, `${name}.png`), fullPage: true });
    taken();
  }
  for (const tab of tabs.values()) await tab.context().close();
}

async function signIn(tab, l2, username, password) {
  await tab.goto(`${l2}/login`);
  await tab.fill("[name=username]", username);
  await tab.fill("[name=password]", password);
  await tab.click("main button[type=submit]");
}

/** What the sample works are registered through. */
function connect(l2) {
  const request = async (address, init) => await fetch(l2 + address, { redirect: "manual", ...init });
  const json = async (method, address, body, token) => {
    const headers = {
      Accept: "application/json",
      ...(token == null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body == null ? {} : { "Content-Type": "application/json" }),
    };
    const answer = await request(address, {
      method,
      headers,
      body: body == null ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  };
  const register = async (username) =>
    (await json("POST", "/auth/register", { username, password: "correct horse battery" })).body.access_token;
  return { request, json, register };
}
