import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeHost, insertFollowersAt, openFakeHosts } from "./helpers/fake-hosts.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

let server: TestServer;
let anna: string;
let other: string;
let steady: FakeHost;
let broken: FakeHost;
let count = 0;

beforeAll(async () => {
  server = await startTestServer();
  anna = await server.register("anna");
  other = await server.register("other");
  const hosts = await openFakeHosts(2);
  const [one, two] = hosts.toSorted((a, b) => a.host.localeCompare(b.host));
  if (one == null || two == null) throw new Error("there are two");
  [steady, broken] = [one, two];
  await insertFollowersAt(server.databaseUrl, "anna", [
    ...["a", "b"].map((name) => `${steady.origin}/${name}/inbox`),
    `${broken.origin}/inbox`,
  ]);
});

afterEach(async () => {
  broken.behaviours.clear();
  await query(server.databaseUrl, "delete from deliveries");
  await query(server.databaseUrl, "delete from delivery_hosts");
});

/** Registers a work of Anna's; gives the address of its ledger. */
async function register(more: Record<string, unknown> = {}): Promise<string> {
  const name = `a wörk — ${++count}`;
  const content_hash = count.toString(16).padStart(64, "0");
  const input = { name, content_hash, asset_type: "image", ...more };
  const { status } = await server.json("POST", "/assets", input, anna);
  expect(status).toBe(201);
  return `/assets/${encodeURIComponent(name)}/deliveries`;
}

async function read(ledger: string): Promise<Json> {
  const { status, body } = await server.json("GET", ledger, undefined, anna);
  expect(status).toBe(200);
  return body;
}

/** The id of the activity that a ledger is about. */
async function readId(ledger: string): Promise<string> {
  const { body } = await server.json("GET", ledger.replace(/\/deliveries$/, ""));
  return `${body.post}#create`;
}

/** The ledger, once it says so of its totals. */
async function untilTotals(ledger: string, totals: Json): Promise<Json> {
  return await eventually(`${ledger} has ${JSON.stringify(totals)}`, async () => {
    const body = await read(ledger);
    return Object.entries(totals).every(([name, value]) => body.totals[name] === value) ? body : undefined;
  });
}

/** Waits until the broken host is left alone; gives until when. */
async function untilHeld(): Promise<number> {
  return await eventually("the host is left alone", async () => {
    const [row] = await query<{ held_until: Date }>(
      server.databaseUrl,
      "select held_until from delivery_hosts where held_until > now()",
    );
    return row?.held_until.getTime();
  });
}

function readPage(path: string, token?: string): Promise<Response> {
  const cookie: Record<string, string> = token == null ? {} : { Cookie: `sid=${token}` };
  return server.request(path, { headers: { Accept: "text/html", ...cookie } });
}

describe("the ledger of a post", () => {
  test("tells by host what arrived, what waits and why", async () => {
    broken.behaviours.set("/inbox", { status: 503, retryAfter: 600 });
    const started = Date.now();
    const body = await untilTotals(await register(), { delivered: 2, waiting: 1 });
    const [first, second] = body.hosts;
    expect(body.hosts).toHaveLength(2);
    expect(first).toEqual({
      host: steady.host,
      inboxes: 2,
      delivered: 2,
      last_delivered_at: expect.any(String),
      waiting: 0,
      refused: 0,
      given_up: 0,
      last_error: null,
      next_try_at: null,
    });
    expect(Date.parse(first.last_delivered_at)).toBeGreaterThan(started - 2000);
    const later = await untilHeld();
    expect(second).toMatchObject({
      host: broken.host,
      inboxes: 1,
      delivered: 0,
      waiting: 1,
      last_error: "HTTP 503",
    });
    expect(later).toBeGreaterThan(started + 500_000);
    expect(body.totals).toEqual({ hosts: 2, inboxes: 3, delivered: 2, waiting: 1, refused: 0, given_up: 0 });
    expect(body.next).toBeNull();
  });

  test("says of what was never tried why it waits", async () => {
    broken.behaviours.set("/inbox", { status: 500 });
    await untilTotals(await register(), { delivered: 2, waiting: 1 });
    await untilHeld();
    const ledger = await register();
    const body = await untilTotals(ledger, { delivered: 2, waiting: 1 });
    expect(body.hosts[1]).toMatchObject({ waiting: 1, last_error: "HTTP 500" });
    expect(Date.parse(body.hosts[1].next_try_at)).toBeGreaterThan(Date.now() + 30_000);
    const id = await readId(ledger);
    expect(broken.received.filter((one) => one.id === id)).toHaveLength(0);
  });

  test("counts the changes of the work too", async () => {
    const ledger = await register();
    await untilTotals(ledger, { delivered: 3 });
    const asset = ledger.replace(/\/deliveries$/, "");
    expect((await server.json("PATCH", asset, { description: "Now with words." }, anna)).status).toBe(200);
    const body = await untilTotals(ledger, { delivered: 6 });
    expect(body.totals).toMatchObject({ hosts: 2, inboxes: 3 });
    expect(body.hosts[0]).toMatchObject({ inboxes: 2, delivered: 4 });
  });

  test("comes in pages, by host", async () => {
    const ledger = await register();
    await untilTotals(ledger, { delivered: 3 });
    const first = await read(`${ledger}?limit=1`);
    expect(first.hosts.map(({ host }: Json) => host)).toEqual([steady.host]);
    const second = await read(first.next);
    expect(second.hosts.map(({ host }: Json) => host)).toEqual([broken.host]);
    expect(second.next).toBeNull();
  });

  test("is empty where nothing was sent", async () => {
    const body = await read(await register({ post: "none" }));
    expect(body).toEqual({
      hosts: [],
      totals: { hosts: 0, inboxes: 0, delivered: 0, waiting: 0, refused: 0, given_up: 0 },
      next: null,
    });
  });

  test("is for its author alone", async () => {
    const ledger = await register();
    for (const method of ["GET", "POST"]) {
      expect((await server.json(method, ledger, method === "GET" ? undefined : {}, other)).status).toBe(404);
      expect((await server.json(method, ledger, method === "GET" ? undefined : {})).status).toBe(401);
    }
    expect((await server.json("GET", "/assets/no%20such%20work/deliveries", undefined, anna)).status).toBe(
      404,
    );
    expect((await readPage(ledger, other)).status).toBe(404);
    const away = await readPage(ledger);
    expect(away.status).toBe(303);
    expect(away.headers.get("location")).toMatch(/^\/login\?next=/);
  });

  test.each(["state=lost", "limit=0", "limit=101", "after=%00", `after=${"x".repeat(301)}`])(
    "refuses ?%s",
    async (search) => {
      expect((await server.json("GET", `${await register()}?${search}`, undefined, anna)).status).toBe(400);
    },
  );
});

describe("what was given up", () => {
  /** A work whose post was tried 15 times at the broken host, and now the last time. */
  async function giveUp(): Promise<string> {
    broken.behaviours.set("/inbox", { status: 500 });
    const ledger = await register();
    await untilTotals(ledger, { delivered: 2, waiting: 1 });
    await untilHeld();
    await query(server.databaseUrl, "update deliveries set attempts = 15 where state = 'waiting'");
    await query(server.databaseUrl, "update delivery_hosts set held_until = now()");
    await untilTotals(ledger, { delivered: 2, given_up: 1 });
    return ledger;
  }

  test("stands in the ledger with its last error, and is not tried again", async () => {
    const ledger = await giveUp();
    expect((await read(ledger)).hosts[1]).toMatchObject({
      waiting: 0,
      given_up: 1,
      last_error: "HTTP 500",
      next_try_at: null,
    });
    const asked = broken.received.length;
    await query(server.databaseUrl, "update delivery_hosts set held_until = now()");
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(broken.received).toHaveLength(asked);
  });

  test("is sent again on demand, at once, though its host was left alone, and its tries count anew", async () => {
    const ledger = await giveUp();
    const answer = await server.json("POST", ledger, { host: broken.host }, anna);
    expect([answer.status, answer.body]).toEqual([202, { deliveries: 1 }]);
    const body = await untilTotals(ledger, { waiting: 1, given_up: 0 });
    expect(body.totals.delivered).toBe(2);
    await eventually("it is tried again", async () => {
      const [row] = await query<{ attempts: number }>(
        server.databaseUrl,
        "select attempts from deliveries where state = 'waiting'",
      );
      return row?.attempts === 1 ? true : undefined;
    });
    broken.behaviours.clear();
    expect((await server.json("POST", ledger, undefined, anna)).status).toBe(202);
    await untilTotals(ledger, { delivered: 3, waiting: 0, given_up: 0 });
  });

  test("is sent again by a button of the page", async () => {
    const ledger = await giveUp();
    broken.behaviours.clear();
    const page = await (await readPage(ledger, anna)).text();
    expect(page).toContain(`name="host" value="${broken.host}"`);
    expect(page).not.toContain(`name="host" value="${steady.host}"`);
    expect(page).toContain("HTTP 500");
    const answer = await server.request(ledger, {
      method: "POST",
      headers: {
        Accept: "text/html",
        Cookie: `sid=${anna}`,
        Origin: server.origin,
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ host: broken.host }),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe(ledger);
    await untilTotals(ledger, { delivered: 3 });
    expect(await (await readPage(ledger, anna)).text()).not.toContain('name="host"');
  });

  test("goes after what was sent to the same inbox before it and still waits", async () => {
    broken.behaviours.set("/inbox", { status: 403 });
    const first = await register();
    await untilTotals(first, { delivered: 2, waiting: 1 });
    await eventually("the first was refused", async () =>
      (await read(first)).hosts[1].last_error ? true : undefined,
    );
    const second = await register();
    await untilTotals(second, { delivered: 2, waiting: 1 });
    broken.behaviours.clear();
    const before = broken.received.length;
    await server.json("POST", second, { host: broken.host }, anna);
    await untilTotals(second, { delivered: 3 });
    await untilTotals(first, { delivered: 3 });
    const ids = broken.received.slice(before).map(({ id }) => id);
    expect(ids).toEqual([await readId(first), await readId(second)]);
  });
});

describe("sending again", () => {
  test("leaves alone what was refused, and what arrived", async () => {
    broken.behaviours.set("/inbox", { status: 410 });
    const ledger = await register();
    await untilTotals(ledger, { delivered: 2, refused: 1 });
    const asked = broken.received.length + steady.received.length;
    const answer = await server.json("POST", ledger, {}, anna);
    expect([answer.status, answer.body]).toEqual([202, { deliveries: 0 }]);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(broken.received.length + steady.received.length).toBe(asked);
    // Who is gone for one test is there for the next one.
    await query(server.databaseUrl, "delete from remote_actors where inbox = $1", [`${broken.origin}/inbox`]);
    await insertFollowersAt(server.databaseUrl, "anna", [`${broken.origin}/inbox`]);
  });

  test("to a server that nothing goes to is a problem, as is what is no host", async () => {
    const ledger = await register();
    expect((await server.json("POST", ledger, { host: "nowhere.test" }, anna)).status).toBe(404);
    expect((await server.json("POST", ledger, { host: 5 }, anna)).status).toBe(422);
    expect((await server.json("POST", ledger, { host: "\0" }, anna)).status).toBe(422);
  });
});

describe("the page of a work", () => {
  test("leads its owner to the ledger, and nobody else", async () => {
    const ledger = await register();
    const page = ledger.replace("/assets/", "/asset/").replace(/\/deliveries$/, "");
    expect(await (await readPage(page, anna)).text()).toContain(`href="${ledger}"`);
    expect(await (await readPage(page, other)).text()).not.toContain(`href="${ledger}"`);
    expect(await (await readPage(page)).text()).not.toContain(`href="${ledger}"`);
  });
});
