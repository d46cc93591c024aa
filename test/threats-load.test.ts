import { request as sendRequest } from "node:http";
import type { ServerResponse } from "node:http";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { alice, follow } from "./helpers/activities.ts";
import { settleInbox } from "./helpers/effects.ts";
import { measure } from "./helpers/measure.ts";
import {
  createWorld,
  describePerson,
  answerDocument,
  type DeliverOptions,
  type GuardedServer,
  type Remote,
  rsaPair,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const world = createWorld();
let server: GuardedServer;
let good: Remote;
let evil: Remote;
let slow: Remote;

beforeAll(async () => {
  good = await world.open("good.test");
  evil = await world.open("evil.test");
  slow = await world.open("slow.test");
  server = await startGuardedServer(world, { LIMIT_REFUSED: "100000", LIMIT_UPLOAD_SECONDS: "2" });
  // What is compiled and connected at the first request is not what is measured.
  const warm = await settle(good, "warm");
  for (let turn = 0; turn < 20; turn++) await server.deliver(warm, follow(warm.id));
  await settleInbox(server.databaseUrl);
});

let count = 0;

/** A body as it is, with the signature of somebody who does not exist. */
function withBody(body: string): DeliverOptions {
  return {
    alter: (request) => new Request(request.url, { method: "POST", headers: request.headers, body }),
  };
}

/** An activity signed as it is by somebody whose server would have to be asked for the key. */
async function deliverAsStranger(more: object): Promise<number> {
  const { privateKey } = await rsaPair(1);
  const id = `${evil.origin}/users/stranger${++count}`;
  const response = await server.deliver({ keyId: `${id}#main-key`, privateKey }, { ...follow(id), ...more });
  return response.status;
}

async function countFollowers(pattern: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    server.databaseUrl,
    `select count(*)::int as count from followers f join remote_actors a on a.id = f.actor_id where a.iri like $1`,
    [pattern],
  );
  return row?.count ?? 0;
}

/**
 * The least of the longest delays of up to four tries: what another process of the machine adds is not in all of them,
 * what the work itself takes is.
 */
async function measureQuietest(
  title: string,
  work: () => Promise<void>,
): Promise<{ longest: number; growth: number }> {
  let best = await measure(title, work);
  for (let turn = 1; turn < 4 && best.longest > 40; turn++) {
    const next = await measure(`${title}, again`, work);
    if (next.longest < best.longest) best = next;
  }
  return best;
}

test("T14 slow remote: 50 that send a byte each 5 s keep nobody waiting", { timeout: 60_000 }, async () => {
  const { privateKey } = await rsaPair(1);
  slow.answer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/activity+json" });
    response.write("{");
    const timer = setInterval(() => response.write(" "), 5000);
    response.once("close", () => clearInterval(timer));
  };
  const { result, growth, longest } = await measure("T14", async () => {
    const began = performance.now();
    const stuck = Array.from({ length: 50 }, async (_, number) => {
      const id = `https://host${number}.slow.test/users/x`;
      const { status } = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
      return { status, time: performance.now() - began };
    });
    await eventually("all 50 are being asked", async () => (slow.requests.length === 50 ? true : undefined));
    const health: number[] = [];
    for (let turn = 0; turn < 20; turn++) {
      const asked = performance.now();
      expect((await server.request("/healthz")).status).toBe(200);
      health.push(performance.now() - asked);
    }
    const friend = await settle(good, "friend");
    const asked = performance.now();
    expect((await server.deliver(friend, follow(friend.id))).status).toBe(202);
    await eventually("the good follower is stored", async () =>
      (await countFollowers(friend.id)) === 1 ? true : undefined,
    );
    return { health, good: performance.now() - asked, stuck: await Promise.all(stuck) };
  });
  expect(Math.min(...result.health)).toBeLessThan(200);
  expect(result.health.toSorted((a, b) => a - b)[10]).toBeLessThan(200);
  expect(result.good).toBeLessThan(5000);
  for (const { status, time } of result.stuck) {
    expect(status).toBe(503);
    expect(time).toBeLessThan(25_000);
  }
  expect(growth).toBeLessThan(150);
  expect(longest).toBeLessThan(500);
});

test(
  "T14 slow remote: followers whose documents stall do not starve the workers",
  { timeout: 60_000 },
  async () => {
    const { privateKey, publicKeyPem } = await rsaPair(1);
    const seen = new Set<string>();
    slow.answer = (request, response) => {
      const id = `https://${request.headers.host}${request.url}`;
      // The key is given at once; the actor, asked for again by a worker, never.
      if (!seen.has(id)) {
        seen.add(id);
        return answerDocument(response, describePerson(id, publicKeyPem));
      }
      response.writeHead(200, { "Content-Type": "application/activity+json" });
      response.write("{");
    };
    const statuses = await Promise.all(
      Array.from({ length: 50 }, async (_, number) => {
        const id = `https://trap${number}.slow.test/users/x`;
        return (await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id))).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    const friend = await settle(good, "patient");
    const asked = performance.now();
    expect((await server.deliver(friend, follow(friend.id))).status).toBe(202);
    await eventually("the good follower is stored", async () =>
      (await countFollowers(friend.id)) === 1 ? true : undefined,
    );
    expect(performance.now() - asked).toBeLessThan(10_000);
    // What is still to be asked for ends at once, and is not asked for again: no later test waits for it or counts it.
    slow.answer = (_request, response) => response.writeHead(410).end();
    await settleInbox(server.databaseUrl);
    await query(server.databaseUrl, "delete from pgboss.job where name = 'inbox'");
  },
);

describe("T15 huge answer, gzip bomb", () => {
  const bomb = Buffer.alloc(50 * 2 ** 20, 0x20);
  const packed = { gzip: gzipSync(bomb), br: brotliCompressSync(bomb) };

  test.each(["plain", "gzip", "br"] as const)("%s is given up after 1 MiB", async (coding) => {
    const { privateKey } = await rsaPair(1);
    let sent = 0;
    const path = `/users/bomb-${coding}`;
    evil.documents.set(path, (_request: unknown, response: ServerResponse) => {
      const headers = { "Content-Type": "application/activity+json" };
      if (coding !== "plain") {
        response.writeHead(200, { ...headers, "Content-Encoding": coding }).end(packed[coding]);
        return;
      }
      response.writeHead(200, headers);
      const piece = Buffer.alloc(64 * 1024, 0x20);
      const pour = () => {
        while (!response.destroyed && sent < 500 * 2 ** 20) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once("drain", pour);
        }
      };
      pour();
    });
    const id = evil.origin + path;
    const { result, growth, longest } = await measure(`T15 ${coding}`, async () => {
      const response = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
      return response.status;
    });
    expect(result).toBe(401);
    expect(sent).toBeLessThan(20 * 2 ** 20);
    expect(longest).toBeLessThan(200);
    expect(growth).toBeLessThan(50);
  });
});

test("T16 HTML parsed for links, regex blow-up: a megabyte of tags is not looked at", async () => {
  const { privateKey } = await rsaPair(1);
  const html = "<a <a".repeat(200_000);
  evil.answer = (_request, response) => {
    response
      .writeHead(200, { "Content-Type": "text/html", Link: `<${evil.origin}/x>; rel="alternate"` })
      .end(html);
  };
  const { longest, growth } = await measureQuietest("T16", async () => {
    const id = `${evil.origin}/users/html${++count}`;
    const { status } = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
    expect(status).toBe(401);
  });
  expect(longest).toBeLessThan(50);
  expect(growth).toBeLessThan(50);
  expect(world.requests).not.toContain(`GET ${evil.origin}/x`);
});

describe("T17 large inbound body", () => {
  /** Sends a body piece by piece, and gives the status; `wait` milliseconds pass between two pieces. */
  function pour(pieces: number, size: number, wait = 0, path = "/inbox"): Promise<number | undefined> {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const type = path === "/inbox" ? "application/activity+json" : "application/json";
    const request = sendRequest(new URL(path, server.address), {
      method: "POST",
      headers: { "Content-Type": type, "Transfer-Encoding": "chunked" },
    });
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", () => resolve(undefined));
    const piece = Buffer.alloc(size, 0x20);
    const next = (left: number): void => {
      if (left === 0) return void request.end();
      request.write(piece, () => (wait === 0 ? next(left - 1) : setTimeout(next, wait, left - 1)));
    };
    next(pieces);
    return promise;
  }

  test("of 257 KiB gets 413, of 10 MB in chunks too", async () => {
    const { longest, growth } = await measureQuietest("T17", async () => {
      const { privateKey } = await rsaPair(1);
      const id = `${evil.origin}/users/large`;
      const large = withBody(" ".repeat(257 * 1024));
      const { status } = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id), large);
      expect(status).toBe(413);
      expect(await pour(160, 64 * 1024)).toBe(413);
    });
    expect(longest).toBeLessThan(50);
    expect(growth).toBeLessThan(50);
  });

  test("gets 408 when its time is up, at an inbox and elsewhere", async () => {
    const began = performance.now();
    const statuses = await Promise.all([pour(100, 1, 100), pour(100, 1, 100, "/auth/login")]);
    expect(statuses).toEqual([408, 408]);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe("T18 deep or wide JSON-LD", () => {
  const nest = (depth: number) => `{"object":`.repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
  const bodies: [string, string][] = [
    ["depth 21", nest(21)],
    ["depth 500", nest(500)],
    ["depth 20,000", nest(20_000)],
    ["arrays 100,000 deep", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
    ["5,001 nodes", JSON.stringify({ a: Array.from({ length: 5000 }, () => 0) })],
    ["a NUL", '{"a":"\\u0000"}'],
  ];

  test.each(bodies)("of %s gets 400 and holds nobody", async (title, body) => {
    const { privateKey } = await rsaPair(1);
    const asked = world.requests.length;
    const id = `${evil.origin}/users/deep`;
    const { longest, growth } = await measureQuietest(`T18 ${title}`, async () => {
      const { status } = await server.deliver({ keyId: `${id}#k`, privateKey }, follow(id), withBody(body));
      expect(status).toBe(400);
    });
    expect(longest).toBeLessThan(50);
    expect(growth).toBeLessThan(50);
    expect(world.requests).toHaveLength(asked);
  });

  test("of nearly 5,000 values, signed and taken, holds nobody either", async () => {
    const sender = await settle(good, "verbose");
    let post: object = {
      type: "Note",
      tag: Array.from({ length: 1600 }, () => ({ type: "Mention", href: alice })),
    };
    for (let level = 0; level < 15; level++) post = { type: "Note", inReplyTo: post };
    const terms = Object.fromEntries(
      Array.from({ length: 2300 }, (_, at) => [`t${at}`, `${evil.origin}/${at}`]),
    );
    const scoped = { T: { "@id": "as:T", "@context": terms } };
    const types = ["Create", ...Array.from({ length: 2300 }, () => "T")];
    for (const more of [
      { type: "Create", object: post },
      { "@context": ["https://www.w3.org/ns/activitystreams", scoped], type: types },
    ]) {
      const { longest } = await measureQuietest("T18 signed", async () => {
        expect((await server.deliver(sender, { ...follow(sender.id), ...more })).status).toBe(202);
        await settleInbox(server.databaseUrl);
      });
      expect(longest).toBeLessThan(100);
    }
  });
});

describe("T19 contexts as amplifier", () => {
  test("200 contexts get 400 and nobody is asked for any", async () => {
    const asked = world.requests.length;
    const contexts = Array.from({ length: 200 }, (_, number) => `${evil.origin}/contexts/${number}`);
    const { longest } = await measureQuietest("T19", async () => {
      expect(await deliverAsStranger({ "@context": contexts })).toBe(400);
    });
    expect(longest).toBeLessThan(50);
    expect(world.requests).toHaveLength(asked);
  });

  test("a Pleroma activity with its own server's context is taken", async () => {
    const pleroma = await settle(good, "pleroma", 0);
    const context = [
      "https://www.w3.org/ns/activitystreams",
      `${good.origin}/schemas/litepub-0.1.jsonld`,
      { "@language": "und" },
    ];
    const { result } = await measure("T19 Pleroma", async () => {
      const response = await server.deliver(pleroma, { ...follow(pleroma.id), "@context": context });
      return response.status;
    });
    expect(result).toBe(202);
    await eventually("it takes effect", async () =>
      (await countFollowers(pleroma.id)) === 1 ? true : undefined,
    );
    expect(world.requests.filter((line) => line.includes("/schemas/"))).toEqual([]);
  });
});

test(
  "T20 key fetch as reflector: 1,000 key ids on one host are at most 30 requests there",
  { timeout: 60_000 },
  async () => {
    const victim = await world.open("victim.test");
    const { privateKey } = await rsaPair(1);
    const { result, growth, longest } = await measure("T20", async () => {
      const statuses = new Map<number, number>();
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          Array.from({ length: 50 }, async (_, number) => {
            const id = `${victim.origin}/users/u${round * 50 + number}`;
            const { status } = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }),
        );
      }
      return statuses;
    });
    expect(victim.requests.length).toBeLessThanOrEqual(30);
    expect(victim.requests.length).toBeGreaterThan(0);
    expect([...result.keys()].toSorted()).toEqual([401, 503]);
    expect(growth).toBeLessThan(200);
    // Most of it is the test's own: fifty activities signed and sent at once.
    expect(longest).toBeLessThan(1000);
  },
);

test(
  "T22 flood of fake followers under wildcard DNS: 100 of a domain in a minute",
  { timeout: 60_000 },
  async () => {
    const wild = await world.open("wild.test");
    const { privateKey, publicKeyPem } = await rsaPair(1);
    wild.answer = (request, response) => {
      answerDocument(response, describePerson(`https://${request.headers.host}${request.url}`, publicKeyPem));
    };
    const statuses: number[] = [];
    let retryAfter = "";
    for (let number = 0; number < 500; number++) {
      const id = `https://u${number}.wild.test/users/fake`;
      const response = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
      statuses.push(response.status);
      retryAfter = response.headers.get("retry-after") ?? retryAfter;
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(400);
    expect(Number(retryAfter)).toBeGreaterThan(0);
    await eventually(
      "what was taken is stored",
      async () => ((await countFollowers("%.wild.test/%")) === 100 ? true : undefined),
      40_000,
    );
    await eventually("nothing of it waits", async () => {
      const waiting = await query(
        server.databaseUrl,
        "select 1 from pgboss.job where name = 'inbox' and state < 'completed' and data ->> 'message' like '%.wild.test%'",
      );
      return waiting.length === 0 ? true : undefined;
    });
    expect(await countFollowers("%.wild.test/%")).toBe(100);
    const friend = await settle(good, "bystander");
    expect((await server.deliver(friend, follow(friend.id))).status).toBe(202);
  },
);
