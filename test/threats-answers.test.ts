import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../src/claims/json.ts";
import { loadConfig } from "../src/config.ts";
import { startServer } from "../src/serve.ts";
import { act } from "./helpers/activities.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { expectNoEffect, settleInbox } from "./helpers/effects.ts";
import {
  createWorld,
  describePerson,
  type GuardedServer,
  type Person,
  type Remote,
  rsaPair,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const world = createWorld();
let server: GuardedServer;
let good: Remote;

beforeAll(async () => {
  good = await world.open("good.test");
  server = await startGuardedServer(world);
});

let count = 0;

const fail = (status: number) => (_request: unknown, response: ServerResponse) =>
  void response.writeHead(status).end();

/** How often a document was asked for. */
function countGets(id: string): number {
  return world.requests.filter((line) => line === `GET ${id}`).length;
}

describe("an activity whose key's server", () => {
  test.each([500, 502, 429])(
    "answers %i gets 503 with Retry-After, and is not asked again soon",
    async (status) => {
      const person = await settle(good, `broken${status}`);
      good.documents.set(new URL(person.id).pathname, fail(status));
      for (let turn = 0; turn < 2; turn++) {
        const response = await server.deliver(person, act(person, "Follow"));
        expect(response.status).toBe(503);
        expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      }
      expect(countGets(person.id)).toBe(1);
    },
  );

  test("can't be reached at all gets 503", async () => {
    const { privateKey } = await rsaPair(0);
    const id = "https://nowhere.test/users/x";
    const response = await server.deliver({ keyId: `${id}#main-key`, privateKey }, act({ id }, "Follow"));
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).not.toBeNull();
  });

  test.each([401, 403, 404, 410])("answers %i gets 401", async (status) => {
    const person = await settle(good, `closed${status}`);
    good.documents.set(new URL(person.id).pathname, fail(status));
    expect((await server.deliver(person, act(person, "Follow"))).status).toBe(401);
  });

  test.each(["{", "[]", "null", '{"id":1}', '{"@context":{"@vocab":1},"id":"x"}'])(
    "answers %s gets 401, never a 500",
    async (text) => {
      const person = await settle(good, `odd${++count}`);
      good.documents.set(new URL(person.id).pathname, (_request: unknown, response: ServerResponse) => {
        response.writeHead(200, { "Content-Type": "application/activity+json" }).end(text);
      });
      expect((await server.deliver(person, act(person, "Follow"))).status).toBe(401);
    },
  );

  test.each([
    ["no PEM", { publicKeyPem: "nothing" }],
    ["a key without an owner's list", { id: "https://good.test/other#main-key" }],
  ])("gives %s gets 401, never a 500", async (_title, key) => {
    const person = await settle(good, `odd${++count}`);
    const publicKey = { id: person.keyId, owner: person.id, publicKeyPem: person.publicKeyPem, ...key };
    good.documents.set(new URL(person.id).pathname, { ...describePerson(person.id, ""), publicKey });
    expect((await server.deliver(person, act(person, "Follow"))).status).toBe(401);
  });
});

describe("a Delete", () => {
  test("by an actor we never met gets 202 and nobody is asked", async () => {
    const person = await settle(good, "stranger");
    await expectNoEffect(server, world, async () => {
      expect((await server.deliver(person, act(person, "Delete", person.id))).status).toBe(202);
    });
  });

  // What an actor says of itself, and its own address says as well (410), is believed: see the tests of accounts.
  test.each([
    [404, "the actor itself", (person: Person) => person.id],
    [410, "something else", () => `${good.origin}/users/somebody`],
  ])(
    "by somebody we know whose key is gone (%i), of %s, gets 202 and is dropped",
    async (status, _what, findObject) => {
      const person = await settle(good, `departed${status}`);
      await server.deliver(person, act(person, "Follow"));
      await settleInbox(server.databaseUrl);
      await query(server.databaseUrl, "delete from fedify_kv_v2");
      good.documents.set(`/users/departed${status}`, fail(status));
      const activity = act(person, "Delete", findObject(person));
      await expectNoEffect(
        server,
        world,
        async () => expect((await server.deliver(person, activity)).status).toBe(202),
        { asks: true },
      );
    },
  );
});

describe("a key", () => {
  test("is fetched once for many activities", async () => {
    const person = await settle(good, "busy");
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
    await settleInbox(server.databaseUrl);
    const asked = countGets(person.id);
    for (let turn = 0; turn < 5; turn++) {
      expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
    }
    expect(countGets(person.id)).toBe(asked);
  });

  test("that was changed is fetched again at once, and then not for five minutes", async () => {
    const person = await settle(good, "rotating", 0);
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
    const rotated = await settle(good, "rotating", 1);
    expect((await server.deliver(rotated, act(person, "Like"))).status).toBe(202);
    expect((await server.deliver(rotated, act(person, "Like"))).status).toBe(202);
    const asked = countGets(person.id);
    for (let turn = 0; turn < 5; turn++) {
      expect((await server.deliver(person, act(person, "Like"))).status).toBe(401);
    }
    expect(countGets(person.id)).toBe(asked);
  });

  test("of a victim is not lost by signatures of somebody else", async () => {
    const person = await settle(good, "victim", 0);
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
    const { privateKey } = await rsaPair(1);
    for (let turn = 0; turn < 3; turn++) {
      expect((await server.deliver({ ...person, privateKey }, act(person, "Like"))).status).toBe(401);
    }
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
  });

  test("that its actor no longer lists is nobody's", async () => {
    const person = await settle(good, "revoked", 0);
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(202);
    await settle(good, "revoked", 1);
    const { privateKey } = await rsaPair(1);
    expect((await server.deliver({ ...person, privateKey }, act(person, "Like"))).status).toBe(202);
    expect((await server.deliver(person, act(person, "Like"))).status).toBe(401);
  });
});

describe("the limits", () => {
  test("of a signing host end in 429 with Retry-After, and concern no other host", async () => {
    const small = await startGuardedServer(world, { LIMIT_INBOX: "5" });
    const other = await world.open("other.test");
    const person = await settle(good, "eager");
    const statuses = [];
    const waits = [];
    for (let turn = 0; turn < 7; turn++) {
      const response = await small.deliver(person, act(person, "Like"));
      statuses.push(response.status);
      waits.push(Number(response.headers.get("retry-after")) > 0);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429]);
    expect(waits).toEqual([false, false, false, false, false, true, true]);
    const calm = await settle(other, "calm");
    expect((await small.deliver(calm, act(calm, "Like"))).status).toBe(202);
    // What is not signed by that host doesn't use up its share.
    const { privateKey } = await rsaPair(1);
    for (let turn = 0; turn < 7; turn++) {
      expect((await small.deliver({ ...calm, privateKey }, act(calm, "Like"))).status).toBe(401);
    }
    expect((await small.deliver(calm, act(calm, "Like"))).status).toBe(202);
  });

  test("of a signing host count what is large as several", async () => {
    const small = await startGuardedServer(world, { LIMIT_INBOX: "8" });
    const person = await settle(good, "verbose");
    const large = () => ({ ...act(person, "Like"), content: "x".repeat(40_000) });
    const statuses = [];
    for (let turn = 0; turn < 3; turn++) statuses.push((await small.deliver(person, large())).status);
    expect(statuses).toEqual([202, 429, 429]);
  });

  test("of new actors count each of them once, whatever he sends, and nobody who is known", async () => {
    const small = await startGuardedServer(world, { LIMIT_NEW_ACTORS: "2" });
    const place = await world.open("place.test");
    const [first, second, third] = [
      await settle(place, "a"),
      await settle(place, "b"),
      await settle(place, "c"),
    ];
    const statuses = [];
    for (const person of [first, second, third]) {
      for (let turn = 0; turn < 3; turn++)
        statuses.push((await small.deliver(person, act(person, "Like"))).status);
    }
    expect(statuses).toEqual([202, 202, 202, 202, 202, 202, 429, 429, 429]);
    await query(
      small.databaseUrl,
      "insert into remote_actors (iri, username, host, inbox) values ($1, 'c', 'place.test', $1 || '/inbox')",
      ["https://place.test/users/c"],
    );
    expect((await small.deliver(third, act(third, "Like"))).status).toBe(202);
  });

  test("of refused requests are an address's own, as far as proxies are trusted", async () => {
    const small = await startGuardedServer(world, { LIMIT_REFUSED: "3", TRUSTED_PROXIES: "127.0.0.1" });
    const person = await settle(good, "proxied");
    const from = (client: string, by: Person, activity: JsonObject) =>
      small.deliver(by, activity, {
        alter: (request) => {
          const headers = new Headers(request.headers);
          headers.set("X-Forwarded-For", client);
          return new Request(request, { headers });
        },
      });
    const garbage = { ...act(person, "Like"), actor: "nobody" };
    const statuses = [];
    for (let turn = 0; turn < 5; turn++) {
      // What a client writes himself comes before what the proxy adds.
      statuses.push((await from(`10.9.9.${turn}, 203.0.113.7`, person, garbage)).status);
    }
    expect(statuses).toEqual([400, 400, 400, 429, 429]);
    expect((await from("203.0.113.7", person, act(person, "Like"))).status).toBe(429);
    expect((await from("203.0.113.8", person, act(person, "Like"))).status).toBe(202);
    for (let turn = 0; turn < 3; turn++) await from(`2001:db8:1:2::${turn}`, person, garbage);
    expect((await from("2001:db8:1:2:ffff::1", person, garbage)).status).toBe(429);
    expect((await from("2001:db8:1:3::1", person, garbage)).status).toBe(400);
  });

  test("believe no X-Forwarded-For of a peer that is no trusted proxy", async () => {
    const small = await startGuardedServer(world, { LIMIT_REFUSED: "3" });
    const person = await settle(good, "direct");
    const statuses = [];
    for (let turn = 0; turn < 5; turn++) {
      const response = await small.request("/inbox", {
        method: "POST",
        headers: { "Content-Type": "application/activity+json", "X-Forwarded-For": `203.0.113.${turn}` },
        body: JSON.stringify(act(person, "Like")),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });
});

test("a follower whose actor can't be used is dropped, not tried for days", async () => {
  const person = await settle(good, "homeless", 0, { inbox: undefined });
  expect((await server.deliver(person, act(person, "Follow"))).status).toBe(202);
  await eventually("it is done with", async () => {
    const [job] = await query<{ state: string }>(
      server.databaseUrl,
      "select state::text from pgboss.job where name = 'inbox' and data ->> 'message' like '%/users/homeless%'",
    );
    return job?.state === "completed" ? true : undefined;
  });
});

test("a connection whose request does not come to an end is cut", async () => {
  const port = await findFreePort();
  const running = await startServer(
    loadConfig({
      PORT: String(port),
      HOST: "127.0.0.1",
      DATABASE_URL: await createTestDatabase(),
      ARTDAG_DATA: await makeTemporaryDirectory(),
      ARTDAG_ROLE: "web",
      L1_SERVERS: "",
      LIMIT_UPLOAD_SECONDS: "1",
    }),
  );
  try {
    const began = performance.now();
    const ends = [
      "GET / HTTP/1.1\r\nHost: localhost\r\nX-",
      "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx",
    ].map(async (text) => {
      const socket = connect(port, "127.0.0.1");
      socket.write(text);
      socket.resume();
      await once(socket, "close");
    });
    await Promise.all(ends);
    expect(performance.now() - began).toBeLessThan(12_000);
  } finally {
    await running.stop();
  }
});
