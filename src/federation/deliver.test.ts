import type { ServerResponse } from "node:http";
import { verifyRequest } from "@fedify/fedify";
import { CryptographicKey, Person } from "@fedify/vocab";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { findFreePort, makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { loadConfig } from "../config.ts";
import { inTransaction } from "../db/connection.ts";
import { listDueHosts } from "../db/deliveries.ts";
import { upsertFollower } from "../db/followers.ts";
import { upsertRemoteActor } from "../db/remote-actors.ts";
import type { Database, DeliveryRow } from "../db/schema.ts";
import { findUser, insertUser } from "../db/users.ts";
import { loadContext } from "../net/contexts.ts";
import { createDoor } from "../net/door.ts";
import { type FakeServer, startServer } from "../net/server.test-helper.ts";
import { openResources, type Resources } from "../resources.ts";
import type { FederationContext } from "./context.ts";
import { drainHost } from "./deliver.ts";
import { fanOut } from "./publish.ts";

let resources: Resources;
let context: FederationContext;
let db: Database;
let aliceId: number;
let bobId: number;
let count = 0;

// No workers: each test drains its host itself.
beforeAll(async () => {
  const config = loadConfig({
    PORT: String(await findFreePort()),
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    ARTDAG_USER: "alice",
    L1_SERVERS: "",
  });
  resources = await openResources(config);
  context = resources.federationContext;
  ({ db } = context);
  aliceId = (await findUser(db, "alice"))?.id ?? 0;
  bobId = await makeUser("bob");
  await context.keys.ensure("bob");
});
afterAll(() => resources.close());

beforeEach(async () => {
  await sql`truncate deliveries, delivery_hosts, delivery_inboxes, publications, followers, remote_actors cascade`.execute(
    db,
  );
});

async function makeUser(username: string): Promise<number> {
  const user = await insertUser(db, { username, passwordHash: "none", email: null, admin: false });
  return user?.id ?? 0;
}

/** An inbox at a fake server, and the actor behind it, who follows a user. */
async function follow(server: FakeServer, name: string, options: { userId?: number; shared?: string } = {}) {
  await inTransaction(db, async (trx) => {
    const actor = await upsertRemoteActor(trx, {
      iri: `${server.origin}/users/${name}`,
      username: name,
      host: new URL(server.origin).host,
      name: null,
      url: null,
      inbox: `${server.origin}/${name}/inbox`,
      shared_inbox: options.shared == null ? null : `${server.origin}${options.shared}`,
    });
    const followIri = `${server.origin}/follows/${name}`;
    await upsertFollower(trx, { userId: options.userId ?? aliceId, actorId: actor.id, followIri });
  });
}

/** Publishes a document of a user to all followers; gives its id. */
async function publish(document = "{}", userId = aliceId): Promise<number> {
  const iri = `https://local.example/${++count}`;
  await inTransaction(db, (trx) =>
    context.registry.publish(trx, { iri, userId, document, created: new Date("2026-11-22T12:00:00Z") }),
  );
  const { id } = await db
    .selectFrom("publications")
    .select("id")
    .where("iri", "=", iri)
    .executeTakeFirstOrThrow();
  await fanOut(db, context.jobs, id);
  return id;
}

function drain({ origin }: FakeServer): Promise<void> {
  return drainHost(context, new URL(origin).host, new AbortController().signal);
}

async function listHostsToWake(): Promise<string[]> {
  return (await listDueHosts(db)).hosts.map(({ host }) => host);
}

/** The ledger, in the order in which it was written. */
function listRows(): Promise<DeliveryRow[]> {
  return db.selectFrom("deliveries").selectAll().orderBy("id").execute();
}

/** The oldest row of an inbox. */
async function getRow(inbox: string): Promise<DeliveryRow> {
  const row = (await listRows()).find((candidate) => candidate.inbox.endsWith(inbox));
  if (row == null) throw new Error(`nothing goes to ${inbox}`);
  return row;
}

async function findHold({ origin }: FakeServer): Promise<{ failures: number; seconds: number } | undefined> {
  return await db
    .selectFrom("delivery_hosts")
    .select(["failures", sql<number>`extract(epoch from held_until - now())::float`.as("seconds")])
    .where("host", "=", new URL(origin).host)
    .executeTakeFirst();
}

/** Seconds until a row is tried again: it waits for itself or for its inbox. */
async function findWait(inbox: string): Promise<number> {
  const row = await getRow(inbox);
  const held = await db
    .selectFrom("delivery_inboxes")
    .select("held_until")
    .where("inbox", "=", row.inbox)
    .executeTakeFirst();
  const next = Math.max(row.next_try.getTime(), held?.held_until.getTime() ?? 0);
  return (next - Date.now()) / 1000;
}

async function countFollowers(): Promise<number> {
  return (await db.selectFrom("followers").selectAll().execute()).length;
}

/** Lets all waiting time pass. */
async function passTime(): Promise<void> {
  await sql`update deliveries set next_try = now() where state = 'waiting'`.execute(db);
  await sql`update delivery_hosts set held_until = now()`.execute(db);
  await sql`update delivery_inboxes set held_until = now()`.execute(db);
}

const taken = (_: unknown, response: ServerResponse) => response.writeHead(202).end();
const answer =
  (status: number, headers: Record<string, string> = {}) =>
  (_: unknown, response: ServerResponse) =>
    response.writeHead(status, headers).end();

describe("a delivery", () => {
  const document = '{"id":"https://local.example/1","b":1,"a":"é\\u00e9\u{1f600}","10":[1e+21]}';

  test("sends exactly the stored bytes, signed by their sender, and is marked", async () => {
    const server = await startServer(taken);
    await follow(server, "f1");
    await publish(document);
    await drain(server);

    const [received] = server.received;
    expect(received?.body.equals(Buffer.from(document))).toBe(true);
    expect(received?.method).toBe("POST");
    expect(received?.url).toBe("/f1/inbox");
    expect(received?.headers["content-type"]).toBe("application/activity+json");
    expect(await listRows()).toMatchObject([{ state: "delivered", attempts: 1, last_error: null }]);

    const headers = new Headers(
      Object.entries(received?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const arrived = new Request(`${server.origin}/f1/inbox`, { method: "POST", headers, body: document });
    const owner = new URL(context.paths.actor("alice"));
    const id = new URL(`${owner.href}#main-key`);
    const { publicKey } = (await context.keys.get("alice")).rsa;
    const key = new CryptographicKey({ id, owner, publicKey });
    const actor = await new Person({ id: owner, publicKey: key }).toJsonLd({ contextLoader: loadContext });
    const documentLoader = async () => ({ contextUrl: null, documentUrl: owner.href, document: actor });
    const verified = await verifyRequest(arrived, { contextLoader: loadContext, documentLoader });
    expect(verified?.id?.href).toBe(id.href);
  });

  test("goes once to an inbox that several followers share, however often it is fanned out", async () => {
    const server = await startServer(taken);
    for (const name of ["f1", "f2", "f3"]) await follow(server, name, { shared: "/inbox" });
    await follow(server, "f4");
    const id = await publish();
    await fanOut(db, context.jobs, id);
    await drain(server);
    await fanOut(db, context.jobs, id);
    await drain(server);
    expect(server.received.map(({ url }) => url).toSorted()).toEqual(["/f4/inbox", "/inbox"]);
  });

  test("is not made for the followers of another user", async () => {
    const server = await startServer(taken);
    await follow(server, "f1", { userId: bobId });
    await publish();
    expect(await listRows()).toEqual([]);
  });

  test("keeps the order of publication to each inbox", async () => {
    const server = await startServer((request, response) => {
      // The first ones are the slowest, so that an overtaking would show.
      setTimeout(() => response.writeHead(202).end(), request.url === "/f1/inbox" ? 60 : 5);
    });
    await follow(server, "f1");
    await follow(server, "f2");
    for (let number = 0; number < 5; number++) await publish(`{"number":${number}}`);
    await drain(server);
    for (const url of ["/f1/inbox", "/f2/inbox"]) {
      const bodies = server.received.filter((request) => request.url === url).map(({ body }) => String(body));
      expect(bodies).toEqual([0, 1, 2, 3, 4].map((number) => `{"number":${number}}`));
    }
  });

  test("keeps the order after a failure: nothing later goes before what failed", async () => {
    let failing = true;
    const server = await startServer((_, response) => response.writeHead(failing ? 400 : 202).end());
    await follow(server, "f1");
    for (let number = 0; number < 3; number++) await publish(`{"number":${number}}`);
    await drain(server);
    expect(server.received.map(({ body }) => String(body))).toEqual(['{"number":0}']);
    failing = false;
    await passTime();
    await drain(server);
    expect(server.received.slice(1).map(({ body }) => String(body))).toEqual(
      [0, 1, 2].map((number) => `{"number":${number}}`),
    );
  });

  test("F8 has at most one other beside it at the same host", async () => {
    let running = 0;
    let most = 0;
    const server = await startServer((_, response) => {
      most = Math.max(most, ++running);
      setTimeout(() => {
        running--;
        response.writeHead(202).end();
      }, 20);
    });
    for (let index = 0; index < 12; index++) await follow(server, `f${index}`);
    await publish();
    await publish();
    await drain(server);
    expect(server.received).toHaveLength(24);
    expect(most).toBe(2);
  });

  test("leaves the rows of other hosts alone", async () => {
    const [one, other] = [await startServer(taken), await startServer(taken)];
    await follow(one, "f1");
    await follow(other, "f2");
    await publish();
    await drain(one);
    expect([one.received.length, other.received.length]).toEqual([1, 0]);
    expect(await listHostsToWake()).toEqual([new URL(other.origin).host]);
  });
});

describe("F9 an inbox that fails", () => {
  test.each([410, 404])("with %i is given up at once, and its follower dropped", async (status) => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url === "/f1/inbox" ? status : 202).end(),
    );
    await follow(server, "f1");
    await follow(server, "f2");
    await publish();
    await drain(server);
    expect(await getRow("/f1/inbox")).toMatchObject({
      state: "refused",
      attempts: 1,
      last_error: `HTTP ${status}`,
    });
    expect(await getRow("/f2/inbox")).toMatchObject({ state: "delivered" });
    expect(await countFollowers()).toBe(1);
    await publish();
    expect(await listRows()).toHaveLength(3);
  });

  test("with 400 is put off alone, by about a minute", async () => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url === "/f1/inbox" ? 400 : 202).end(),
    );
    await follow(server, "f1");
    await follow(server, "f2");
    await publish();
    await drain(server);
    expect(await getRow("/f1/inbox")).toMatchObject({
      state: "waiting",
      attempts: 1,
      last_error: "HTTP 400",
    });
    expect(await findWait("/f1/inbox")).toBeGreaterThan(50);
    expect(await findWait("/f1/inbox")).toBeLessThan(67);
    expect(server.received.map(({ url }) => url).toSorted()).toEqual(["/f1/inbox", "/f2/inbox"]);
    expect(await findHold(server)).toBeUndefined();
    expect(await countFollowers()).toBe(2);
    expect(await listHostsToWake()).toEqual([]);
  });

  test("F8 with 500 does not hold up the others of its host", async () => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url === "/f1/inbox" ? 500 : 202).end(),
    );
    for (const name of ["f1", "f2", "f3"]) await follow(server, name);
    await publish();
    await publish();
    await drain(server);
    expect(server.received.filter(({ url }) => url !== "/f1/inbox")).toHaveLength(4);
    expect(await getRow("/f1/inbox")).toMatchObject({ state: "waiting", attempts: 1 });
  });

  test("F8 with 500 time after time is put off for longer each time, and the others of its host never wait", async () => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url === "/f1/inbox" ? 500 : 202).end(),
    );
    await follow(server, "f1");
    await follow(server, "f2");
    await publish();
    await drain(server);
    for (let attempt = 2; attempt <= 6; attempt++) {
      await passTime();
      await drain(server);
    }
    expect(await findWait("/f1/inbox")).toBeGreaterThan(1500);
    expect(await findHold(server)).toBeUndefined();
    await publish();
    expect(await listHostsToWake()).toEqual([new URL(server.origin).host]);
    await drain(server);
    expect(server.received.filter(({ url }) => url === "/f2/inbox")).toHaveLength(2);
    expect(server.received.filter(({ url }) => url === "/f1/inbox")).toHaveLength(6);
  });

  test("F8 does not hold up the others of its host for ever, though it be one of many that stand before them", async () => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url?.startsWith("/broken") === true ? 500 : 202).end(),
    );
    const broken = ["broken1", "broken2", "broken3", "broken4", "broken5"];
    for (const name of [...broken, "f1"]) await follow(server, name);
    await publish();
    // Where rows stand in the order in which they are made, nothing is known yet of the last.
    await sql`update deliveries set id = default where inbox like '%/f1/%'`.execute(db);
    await drain(server);
    expect(server.received.map(({ url }) => url)).not.toContain("/f1/inbox");
    expect((await findHold(server))?.failures).toBe(1);
    await passTime();
    await drain(server);
    expect(server.received.map(({ url }) => url)).toContain("/f1/inbox");
    expect(await findHold(server)).toBeUndefined();
    for (const name of broken) expect(await findWait(`/${name}/inbox`)).toBeGreaterThan(50);
    // From now on they come last, and no longer count against their host.
    const before = server.received.length;
    await publish();
    await passTime();
    await drain(server);
    // Two are asked at once, so what is sent first may arrive second.
    expect(server.received.slice(before, before + 2).map(({ url }) => url)).toContain("/f1/inbox");
    expect(server.received.length - before).toBe(6);
    expect(await findHold(server)).toBeUndefined();
  });

  test("is left alone by all senders", async () => {
    const server = await startServer((request, response) =>
      response.writeHead(request.url === "/f1/inbox" ? 500 : 202).end(),
    );
    await follow(server, "f1");
    await follow(server, "f2");
    await publish();
    await drain(server);
    await sql`insert into followers (user_id, actor_id, follow_iri) select ${bobId}, actor_id, 'x' || actor_id from followers`.execute(
      db,
    );
    await publish("{}", bobId);
    await drain(server);
    expect(server.received.map(({ url }) => url).toSorted()).toEqual(["/f1/inbox", "/f2/inbox", "/f2/inbox"]);
  });

  test("and asks for time while others of its host do not, is given that time", async () => {
    const server = await startServer((request, response) => {
      if (request.url === "/f1/inbox") response.writeHead(429, { "Retry-After": "7200" }).end();
      else response.writeHead(202).end();
    });
    await follow(server, "f1");
    await follow(server, "f2");
    await publish();
    await drain(server);
    expect(await findWait("/f1/inbox")).toBeGreaterThan(7100);
  });

  test("for the 16th time is given up, visibly, and what comes after it is sent", async () => {
    let failing = true;
    const server = await startServer((_, response) => response.writeHead(failing ? 500 : 202).end());
    await follow(server, "f1");
    await publish('{"number":0}');
    await publish('{"number":1}');
    for (let attempt = 1; attempt <= 15; attempt++) {
      await drain(server);
      const [first, second] = await listRows();
      expect(first).toMatchObject({ state: "waiting", attempts: attempt });
      expect(second).toMatchObject({ state: "waiting", attempts: 0 });
      await passTime();
    }
    await drain(server);
    expect((await listRows())[0]).toMatchObject({ state: "given_up", attempts: 16, last_error: "HTTP 500" });
    expect(await countFollowers()).toBe(1);
    failing = false;
    await passTime();
    await drain(server);
    expect((await listRows()).map(({ state }) => state)).toEqual(["given_up", "delivered"]);
    expect(server.received).toHaveLength(17);
  });
});

describe("a host that fails", () => {
  test.each([500, 503, 429])(
    "with %i is held for about a minute, and longer the next time",
    async (status) => {
      const server = await startServer(answer(status));
      for (const name of ["f1", "f2", "f3"]) await follow(server, name);
      await publish();
      await drain(server);
      const asked = server.received.length;
      expect(asked).toBe(3);
      const hold = await findHold(server);
      expect(hold?.failures).toBe(1);
      expect(hold?.seconds).toBeGreaterThan(50);
      expect(hold?.seconds).toBeLessThan(67);
      const tried = (await listRows()).filter(({ attempts }) => attempts > 0);
      expect(tried.map(({ attempts, last_error }) => [attempts, last_error])).toEqual(
        Array.from({ length: asked }, () => [1, `HTTP ${status}`]),
      );

      await publish();
      await drain(server);
      expect(server.received).toHaveLength(asked);
      expect(await listHostsToWake()).toEqual([]);

      await passTime();
      expect(await listHostsToWake()).toEqual([new URL(server.origin).host]);
      await drain(server);
      const again = await findHold(server);
      expect(again?.failures).toBe(2);
      expect(again?.seconds).toBeGreaterThan(100);
      expect(again?.seconds).toBeLessThan(133);
    },
  );

  test("costs four tries and what is on its way then, however many inboxes it has", async () => {
    const server = await startServer(answer(503));
    for (let index = 0; index < 30; index++) await follow(server, `f${index}`);
    await publish();
    await drain(server);
    expect([4, 5]).toContain(server.received.length);
    expect((await findHold(server))?.failures).toBe(1);
  });

  test("is not held when the one inbox that something is for fails, while it has others", async () => {
    const server = await startServer(answer(503));
    await follow(server, "f1");
    await follow(server, "f2", { userId: bobId });
    await publish();
    await drain(server);
    expect(await findHold(server)).toBeUndefined();
    expect(await findWait("/f1/inbox")).toBeGreaterThan(50);
  });

  test("is held when its only inbox fails, though that took something just before", async () => {
    let asked = 0;
    const server = await startServer((_, response) => response.writeHead(asked++ === 0 ? 202 : 500).end());
    await follow(server, "f1");
    await publish();
    await publish();
    await drain(server);
    expect((await listRows()).map(({ state }) => state)).toEqual(["delivered", "waiting"]);
    expect(await findHold(server)).toMatchObject({ failures: 1 });
    expect(await listHostsToWake()).toEqual([]);
  });

  test("for five days is given up: what was made since then waits on", async () => {
    const server = await startServer(answer(503));
    await follow(server, "f1");
    for (let number = 0; number < 4; number++) await publish();
    const [, , , newest] = await listRows();
    await sql`update deliveries set started = now() - interval '121 hours' where id <> ${newest?.id}`.execute(
      db,
    );
    await drain(server);
    expect((await listRows()).map(({ state }) => state)).toEqual([
      "given_up",
      "given_up",
      "given_up",
      "waiting",
    ]);
    expect((await listRows()).map(({ last_error }) => last_error)).toEqual([
      ...Array(3).fill("HTTP 503"),
      null,
    ]);
    expect(server.received).toHaveLength(1);
  });

  test("that can't be reached is held too", async () => {
    const server = await startServer((request) => request.socket.destroy());
    await follow(server, "f1");
    await publish();
    await drain(server);
    expect((await findHold(server))?.failures).toBe(1);
    expect((await getRow("/f1/inbox")).last_error).toContain(server.origin);
    await passTime();
    await drain(server);
    expect((await findHold(server))?.seconds).toBeGreaterThan(100);
  });

  test("that asks for time is given that time, from seconds or a date", async () => {
    const date = new Date(Date.now() + 7_200_000).toUTCString();
    for (const [retryAfter, seconds] of [
      ["7200", 7200],
      [date, 7200],
      ["1", 60],
      ["999999999", 86_400],
    ] as const) {
      const server = await startServer(answer(429, { "Retry-After": retryAfter }));
      await follow(server, `f${count}`);
      await publish();
      await drain(server);
      const held = (await findHold(server))?.seconds ?? 0;
      expect(held).toBeGreaterThan(seconds * 0.85);
      expect(held).toBeLessThan(seconds * 1.15);
      await sql`truncate followers`.execute(db);
    }
  });

  test("that recovers gets everything, in order, and is not held any more", async () => {
    let failing = true;
    const server = await startServer((_, response) => response.writeHead(failing ? 503 : 202).end());
    await follow(server, "f1");
    await publish('{"number":0}');
    await drain(server);
    await publish('{"number":1}');
    failing = false;
    await passTime();
    await drain(server);
    expect(server.received.slice(1).map(({ body }) => String(body))).toEqual([
      '{"number":0}',
      '{"number":1}',
    ]);
    expect(await findHold(server)).toBeUndefined();
    expect((await listRows()).map(({ attempts }) => attempts)).toEqual([2, 1]);
  });
});

describe("a run that is told to end", () => {
  test("begins nothing more, and counts nothing against a host that it was waiting for", async () => {
    const server = await startServer(() => undefined);
    await follow(server, "f1");
    await follow(server, "f2");
    await follow(server, "f3");
    await publish();
    const ending = new AbortController();
    const door = createDoor({ userAgent: "test", allowPrivate: true });
    const running = drainHost({ ...context, door }, new URL(server.origin).host, ending.signal);
    while (server.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    ending.abort();
    await door.close(0);
    await running;
    expect(server.received).toHaveLength(2);
    expect((await listRows()).map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    expect(await findHold(server)).toBeUndefined();
  });
});

describe("F20 a sender whose key can't be read", () => {
  test("keeps no other sender waiting", async () => {
    const keylessId = await makeUser("keyless");
    const server = await startServer(taken);
    await follow(server, "f1", { userId: keylessId });
    await follow(server, "f2", { userId: keylessId });
    await follow(server, "f3");
    await publish("{}", keylessId);
    await publish();
    await drain(server);
    expect(server.received.map(({ url }) => url)).toEqual(["/f3/inbox"]);
    const row = await getRow("/f1/inbox");
    expect(row).toMatchObject({ state: "waiting", attempts: 1 });
    expect(row.last_error).toMatch(/keyless\.\S*pem could not be read \(ENOENT\)/);
    expect(await findHold(server)).toBeUndefined();
  });
});

describe("fanning out", () => {
  test("keeps the order in which a user published, whichever publication is fanned out first, and at once", async () => {
    const server = await startServer(taken);
    await follow(server, "f1");
    const ids: number[] = [];
    for (let number = 0; number < 6; number++) {
      await inTransaction(db, async (trx) => {
        await context.registry.publish(trx, {
          iri: `https://local.example/${++count}`,
          userId: aliceId,
          document: `{"number":${number}}`,
          created: new Date(),
        });
      });
      const last = await db
        .selectFrom("publications")
        .select("id")
        .orderBy("id", "desc")
        .executeTakeFirstOrThrow();
      ids.push(last.id);
    }
    await Promise.all(ids.toReversed().map((id) => fanOut(db, context.jobs, id)));
    await drain(server);
    expect(server.received.map(({ body }) => String(body))).toEqual(
      [0, 1, 2, 3, 4, 5].map((number) => `{"number":${number}}`),
    );
  });
});
