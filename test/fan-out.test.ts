import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { type Behaviour, type FakeHost, insertFollowersAt, openFakeHosts } from "./helpers/fake-hosts.ts";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import {
  eventually,
  findFreePort,
  type Json,
  makeTemporaryDirectory,
  startTestServer,
  type TestServer,
} from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

killLeftovers();

/** Of the outbound door: what hangs is noticed after six seconds, for which no host is slow on a busy machine. */
const limits = { connect: 4000, headers: 6000, total: 8000 };

interface Author {
  readonly server: TestServer;
  readonly token: string;
  /** Registers a work with a post; gives the id of the post's `Create`. */
  post(): Promise<{ id: string; deliveries: string }>;
}

async function startAuthor(): Promise<Author> {
  const server = await startTestServer({}, { limits });
  const token = await server.register("anna");
  let count = 0;
  return {
    server,
    token,
    async post() {
      const name = `work ${++count}`;
      const content_hash = count.toString(16).padStart(64, "0");
      const { status, body } = await server.json(
        "POST",
        "/assets",
        { name, content_hash, asset_type: "image" },
        token,
      );
      expect(status).toBe(201);
      return {
        id: `${body.asset.post}#create`,
        deliveries: `/assets/${encodeURIComponent(name)}/deliveries`,
      };
    },
  };
}

/** Waits until every inbox of those hosts has taken an activity; gives the time of the last one. */
async function untilTaken(hosts: readonly FakeHost[], inboxes: number, id: string): Promise<number> {
  return await eventually(
    `${hosts.length} hosts have ${id}`,
    async () => {
      const taken = hosts.flatMap(({ received }) =>
        received.filter((one) => one.id === id && one.status === 202),
      );
      return taken.length >= inboxes ? Math.max(...taken.map(({ at }) => at)) : undefined;
    },
    30_000,
  );
}

function fill(count: number, behaviour: Behaviour): Behaviour[] {
  return Array.from({ length: count }, () => behaviour);
}

describe("F8 of 200 hosts that serve one inbox each, 20 hang", () => {
  let author: Author;
  let hosts: FakeHost[];

  beforeAll(async () => {
    author = await startAuthor();
    hosts = await openFakeHosts(200, { latency: 100 });
    await insertFollowersAt(
      author.server.databaseUrl,
      "anna",
      hosts.map(({ origin }) => `${origin}/inbox`),
    );
  });

  const countHeld = async () =>
    (await query(author.server.databaseUrl, "select from delivery_hosts where held_until > now()")).length;

  test("and the others have the post in 1.2 times the normal time", async () => {
    const slow = hosts.slice(0, 20);
    const others = hosts.slice(20);
    const publish = async (waitFor: readonly FakeHost[]) => {
      const started = performance.now();
      const { id } = await author.post();
      const last = await untilTaken(others, others.length, id);
      await untilTaken(waitFor, waitFor.length, id);
      return { id, time: last - started };
    };
    await publish(hosts);
    const ratios: number[] = [];
    // What else this machine does can only add to a time, so that the best of up to three rounds counts.
    for (let round = 0; round < 3; round++) {
      const normal = await publish(hosts);
      for (const { behaviours } of slow) behaviours.set("/inbox", "hang");
      const hanging = await publish(others);
      await eventually("the hosts that hang are left alone", async () =>
        (await countHeld()) === 20 ? true : undefined,
      );
      ratios.push(hanging.time / normal.time);
      process.stdout.write(
        `normally ${normal.time.toFixed(0)} ms; while 20 hang ${hanging.time.toFixed(0)} ms\n`,
      );
      if (round === 2 || hanging.time < 1.2 * normal.time) break;
      for (const { behaviours } of slow) behaviours.delete("/inbox");
      await query(author.server.databaseUrl, "update delivery_hosts set held_until = now()");
      await untilTaken(slow, slow.length, hanging.id);
    }
    expect(Math.min(...ratios)).toBeLessThan(1.2);
  }, 120_000);

  test("and the next post does not wait for them either, nor is it sent there at once", async () => {
    expect(await countHeld()).toBe(20);
    const asked = hosts.slice(0, 20).map(({ received }) => received.length);
    const { id } = await author.post();
    await untilTaken(hosts.slice(20), 180, id);
    expect(hosts.slice(0, 20).map(({ received }) => received.length)).toEqual(asked);
    expect(Math.max(...hosts.map((host) => host.most()))).toBeLessThanOrEqual(2);
  });
});

describe("a post to 200 inboxes of which 20 hang, 10 answer 500, 5 answer 410 and 5 answer 429", () => {
  const failed = { status: 500 };
  const gone = { status: 410 };
  const busy = { status: 429, retryAfter: 3600 };
  const inboxesOf = (host: FakeHost) =>
    Array.from({ length: 20 }, (_, number) => `${host.origin}/inboxes/${number}`);
  let author: Author;
  let singles: FakeHost[];
  let large: FakeHost[];
  let post: { id: string; deliveries: string };

  beforeAll(async () => {
    author = await startAuthor();
    // A hundred hosts with one inbox, and five with twenty of which eight are in trouble.
    singles = await openFakeHosts(100, { latency: 10 });
    large = await openFakeHosts(5, { latency: 10 });
    const single: Behaviour[] = [...fill(10, "hang"), ...fill(5, failed), ...fill(3, gone), ...fill(2, busy)];
    single.forEach((behaviour, number) => singles[number]?.behaviours.set("/inboxes/0", behaviour));
    const shared: Behaviour[][] = [
      [...fill(2, "hang"), failed, gone, busy],
      [...fill(2, "hang"), failed, gone, busy],
      [...fill(2, "hang"), failed, busy],
      [...fill(2, "hang"), failed],
      [...fill(2, "hang"), failed],
    ] as Behaviour[][];
    // The first inboxes are those in trouble, so that all others stand behind them.
    shared.forEach((behaviours, number) =>
      behaviours.forEach((behaviour, place) => large[number]?.behaviours.set(`/inboxes/${place}`, behaviour)),
    );
    await insertFollowersAt(author.server.databaseUrl, "anna", [
      ...singles.map(({ origin }) => `${origin}/inboxes/0`),
      ...large.flatMap(inboxesOf),
    ]);
    post = await author.post();
    await eventually("every inbox was tried", async () => {
      const [row] = await query<{ count: number }>(
        author.server.databaseUrl,
        "select count(*)::int as count from deliveries where attempts > 0",
      );
      return row?.count === 200 ? true : undefined;
    });
    // The holds are written when the run is over.
    await eventually("the runs are over", async () => {
      const rows = await query(
        author.server.databaseUrl,
        "select from pgboss.job where name = 'deliver' and state = 'active'",
      );
      return rows.length === 0 ? true : undefined;
    });
  });

  const readLedger = async (search = ""): Promise<Json> => {
    const { status, body } = await author.server.json(
      "GET",
      `${post.deliveries}${search}`,
      undefined,
      author.token,
    );
    expect(status).toBe(200);
    return body;
  };
  const listAll = async (search = ""): Promise<Json[]> => {
    const hosts: Json[] = [];
    for (let path: string | null = `${post.deliveries}?limit=100${search}`; path != null;) {
      const { body } = await author.server.json("GET", path, undefined, author.token);
      hosts.push(...body.hosts);
      path = body.next;
    }
    return hosts;
  };

  test("reaches each of the other 160 once, whoever stands beside them", async () => {
    const taken = [...singles, ...large].flatMap(({ host, received }) =>
      received.filter(({ status }) => status === 202).map(({ inbox }) => host + inbox),
    );
    expect(taken).toHaveLength(160);
    expect(new Set(taken).size).toBe(160);
  });

  test("F9 asks nobody twice before it is time, and no host by more than two requests at once", () => {
    for (const host of [...singles, ...large]) {
      expect(new Set(host.received.map(({ inbox }) => inbox)).size).toBe(host.received.length);
      expect(host.most()).toBeLessThanOrEqual(2);
    }
  });

  test("leaves hosts alone whose only inbox failed, and of the others only the inboxes that failed", async () => {
    const url = author.server.databaseUrl;
    const hosts = await query<{ host: string }>(
      url,
      "select host from delivery_hosts where held_until > now()",
    );
    expect(hosts.map(({ host }) => host).toSorted()).toEqual(
      [...singles.slice(0, 15), ...singles.slice(18, 20)].map(({ host }) => host).toSorted(),
    );
    const inboxes = await query<{ inbox: string }>(
      url,
      "select inbox from delivery_inboxes where held_until > now()",
    );
    const broken = large.flatMap(({ origin, behaviours }) =>
      [...behaviours].filter(([, behaviour]) => behaviour !== gone).map(([path]) => origin + path),
    );
    expect(inboxes.map(({ inbox }) => inbox).toSorted()).toEqual(broken.toSorted());
  });

  test("F9 drops the followers whose inboxes are gone, and them only", async () => {
    const { body } = await author.server.json("GET", "/users/anna/followers");
    expect(body.totalItems).toBe(195);
  });

  test("has a ledger that says so in its totals", async () => {
    expect((await readLedger()).totals).toEqual({
      hosts: 105,
      inboxes: 200,
      delivered: 160,
      waiting: 35,
      refused: 5,
      given_up: 0,
    });
  });

  test("has a ledger that says so of every host", async () => {
    const entries = new Map((await listAll()).map((entry) => [entry.host, entry]));
    expect(entries.size).toBe(105);
    const none = { inboxes: 1, delivered: 0, last_delivered_at: null, waiting: 0, refused: 0, given_up: 0 };
    const waiting = { ...none, waiting: 1, next_try_at: expect.any(String) };
    const kinds = [
      // Whichever limit notices first: the one for headers or the one for the whole.
      [0, 10, { ...waiting, last_error: expect.stringMatching(/Timeout|no complete answer within/) }],
      [10, 15, { ...waiting, last_error: "HTTP 500" }],
      [15, 18, { ...none, refused: 1, last_error: "HTTP 410", next_try_at: null }],
      [18, 20, { ...waiting, last_error: "HTTP 429" }],
      [
        20,
        100,
        { ...none, delivered: 1, last_delivered_at: expect.any(String), last_error: null, next_try_at: null },
      ],
    ] as const;
    for (const [from, to, expected] of kinds) {
      for (const { host } of singles.slice(from, to))
        expect(entries.get(host)).toEqual({ host, ...expected });
    }
    for (const { host, behaviours } of large) {
      const refused = [...behaviours.values()].filter((behaviour) => behaviour === gone).length;
      expect(entries.get(host)).toEqual({
        host,
        inboxes: 20,
        delivered: 20 - behaviours.size,
        waiting: behaviours.size - refused,
        refused,
        given_up: 0,
        last_delivered_at: expect.any(String),
        last_error: expect.any(String),
        next_try_at: expect.any(String),
      });
    }
  });

  test("has a ledger that says when each host is tried again: in a minute, or when it asked for", async () => {
    const entries = new Map((await listAll()).map((entry) => [entry.host, entry]));
    const waits = (hosts: readonly FakeHost[]) =>
      hosts.map(({ host }) => (Date.parse(entries.get(host).next_try_at) - Date.now()) / 1000);
    const soon = waits([...singles.slice(0, 15), ...large]);
    expect(Math.max(...soon)).toBeLessThan(67);
    expect(Math.min(...soon)).toBeGreaterThan(20);
    const asked = waits(singles.slice(18, 20));
    expect(Math.max(...asked)).toBeLessThan(3600);
    expect(Math.min(...asked)).toBeGreaterThan(3500);
  });

  test("has a ledger that can be narrowed to what is in trouble", async () => {
    expect(await listAll("&state=waiting")).toHaveLength(17 + 5);
    expect(await listAll("&state=refused")).toHaveLength(3 + 2);
    expect(await listAll("&state=given_up")).toHaveLength(0);
  });

  test("is sent again to one host when its author asks for that, and to no other", async () => {
    const [, , , , , , , , , , broken] = singles;
    if (broken == null) throw new Error("there is such a host");
    broken.behaviours.clear();
    const before = [...singles, ...large].map(({ received }) => received.length);
    const answer = await author.server.json("POST", post.deliveries, { host: broken.host }, author.token);
    expect([answer.status, answer.body]).toEqual([202, { deliveries: 1 }]);
    await untilTaken([broken], 1, post.id);
    const after = [...singles, ...large].map(({ received }) => received.length);
    expect(after.reduce((sum, count) => sum + count, 0) - before.reduce((sum, count) => sum + count, 0)).toBe(
      1,
    );
    const [held] = await query(author.server.databaseUrl, "select from delivery_hosts where host = $1", [
      broken.host,
    ]);
    expect(held).toBeUndefined();
  });

  test("F9 is in every inbox but the five that are gone once all have recovered, and what came after it stands behind it", async () => {
    const later = await author.post();
    for (const { behaviours } of [...singles, ...large]) behaviours.clear();
    const answer = await author.server.json("POST", post.deliveries, {}, author.token);
    expect([answer.status, answer.body]).toEqual([202, { deliveries: 34 }]);
    const reached = [...singles.slice(0, 15), ...singles.slice(18), ...large];
    await untilTaken(reached, 97 + 100 - 2, later.id);
    for (const { received } of reached) {
      const taken = received.filter(({ status }) => status === 202);
      for (const inbox of new Set(taken.map((one) => one.inbox))) {
        expect(taken.filter((one) => one.inbox === inbox).map(({ id }) => id)).toEqual([post.id, later.id]);
      }
    }
    expect((await readLedger()).totals).toMatchObject({
      delivered: 195,
      waiting: 0,
      refused: 5,
      given_up: 0,
    });
    expect(await query(author.server.databaseUrl, "select from delivery_hosts")).toHaveLength(0);
    expect(await query(author.server.databaseUrl, "select from delivery_inboxes")).toHaveLength(0);
  });
});

describe("workers on one database, of which one is killed in the middle of a fan-out", () => {
  test("deliver everything, in order, and together never send a host more than two requests at once", async () => {
    const hosts = await openFakeHosts(6, { latency: 100 });
    const posts = 16;
    const port = await findFreePort();
    const env = {
      DATABASE_URL: await createTestDatabase(),
      ARTDAG_DATA: await makeTemporaryDirectory(),
      ARTDAG_USER: "anna",
      ARTDAG_ORIGIN: `http://localhost:${port}`,
    };
    const web = await startProcess({ ...env, PORT: String(port), ARTDAG_ROLE: "web" });
    const inboxes = hosts.flatMap(({ origin }) => [1, 2, 3, 4, 5, 6].map((number) => `${origin}/${number}`));
    await insertFollowersAt(env.DATABASE_URL, "anna", inboxes);
    const post = await signIn(web.origin, /password +(\S+)/.exec(web.output())?.[1]);
    for (let number = 1; number <= posts; number++) await post(number);

    const killed = await startProcess({ ...env, ARTDAG_ROLE: "worker" });
    await eventually("the first worker serves every host", async () =>
      hosts.every(({ received }) => received.length > 0) ? true : undefined,
    );
    await startProcess({ ...env, ARTDAG_ROLE: "worker" });
    await killed.kill("SIGKILL");
    expect(await countDelivered(env.DATABASE_URL)).toBeLessThan(posts * inboxes.length);
    await startProcess({ ...env, ARTDAG_ROLE: "worker" });
    await eventually(
      "every inbox has every post",
      async () => ((await countDelivered(env.DATABASE_URL)) === posts * inboxes.length ? true : undefined),
      60_000,
    );

    await eventually("what the killed worker did is done again", async () => {
      const retried = await query(
        env.DATABASE_URL,
        "select from pgboss.job where name = 'deliver' and retry_count > 0 and state = 'completed'",
      );
      return retried.length > 0 ? true : undefined;
    });
    const ids = Array.from({ length: posts }, (_, index) => `${env.ARTDAG_ORIGIN}/notes/${index}#create`);
    for (const host of hosts) {
      expect(host.most()).toBe(2);
      for (const inbox of new Set(host.received.map((one) => one.inbox))) {
        const arrived = host.received.filter((one) => one.inbox === inbox).map(({ id }) => id);
        expect([...new Set(arrived)]).toEqual(ids);
      }
      // Sent twice is at most what was on its way, or not yet marked, when the worker was killed.
      expect(host.received.length - posts * 6).toBeLessThanOrEqual(2);
    }
  }, 120_000);
});

async function signIn(
  origin: string,
  password: string | undefined,
): Promise<(number: number) => Promise<void>> {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ username: "anna", password });
  const login = await fetch(`${origin}/auth/login`, { method: "POST", headers, body });
  const { access_token: token } = (await login.json()) as { access_token: string };
  return async (number) => {
    const { status } = await fetch(`${origin}/assets`, {
      method: "POST",
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: JSON.stringify({
        name: `work ${number}`,
        content_hash: number.toString(16).padStart(64, "0"),
        asset_type: "image",
      }),
    });
    expect(status).toBe(201);
  };
}

async function countDelivered(databaseUrl: string): Promise<number> {
  return (await query(databaseUrl, "select from deliveries where state = 'delivered'")).length;
}
