import { beforeAll, describe, expect, test } from "vitest";
import { isPublicAddress } from "../src/net/address.ts";
import { follow } from "./helpers/activities.ts";
import { settleInbox } from "./helpers/effects.ts";
import {
  answerDocument,
  createWorld,
  describePerson,
  type GuardedServer,
  type Person,
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
let token: string;

beforeAll(async () => {
  good = await world.open("good.test");
  evil = await world.open("evil.test");
  await world.open("sub.evil.test");
  server = await startGuardedServer(world, { LIMIT_FETCHES: "1000", LIMIT_REFUSED: "10000" });
  token = await server.register("carol");
});

let count = 0;

async function findActor(iri: string): Promise<{ inbox: string; shared_inbox: string | null } | undefined> {
  const [row] = await query<{ inbox: string; shared_inbox: string | null }>(
    server.databaseUrl,
    "select inbox, shared_inbox from remote_actors where iri = $1",
    [iri],
  );
  return row;
}

/** The names of what a signature covers. */
function readCovered(headers: Record<string, string | string[] | undefined>): string[] {
  return /headers="([^"]*)"/.exec(String(headers["signature"]))?.[1]?.split(" ") ?? [];
}

describe("T4 made to sign what a remote chooses", () => {
  const challenge = 'sig1=("x-secret");created;keyid="https://evil.test/key";tag="evil"';

  test("a delivery answered with 401 and Accept-Signature is tried again with the whole covered", async () => {
    const bob = await settle(evil, "bob", 1);
    evil.documents.set(
      "/users/bob/inbox",
      (_request: unknown, response: import("node:http").ServerResponse) => {
        response.writeHead(401, { "Accept-Signature": challenge }).end();
      },
    );
    expect((await server.deliver(bob, follow(bob.id))).status).toBe(202);
    const posts = () => evil.requests.filter(({ line }) => line === `POST ${bob.id}/inbox`);
    await eventually("the Accept arrives", async () => posts()[0]);
    await query(server.databaseUrl, "update deliveries set next_try = now()");
    await query(server.databaseUrl, "delete from delivery_hosts");
    await query(server.databaseUrl, "delete from delivery_inboxes");
    await eventually("the Accept arrives again", async () => posts()[1]);
    for (const { headers } of posts()) {
      expect(readCovered(headers)).toEqual(
        expect.arrayContaining(["(request-target)", "host", "date", "digest"]),
      );
      expect(headers["signature-input"]).toBeUndefined();
      expect(headers["x-secret"]).toBeUndefined();
    }
  });

  test("a document refused with 401 and Accept-Signature is not asked for in another way", async () => {
    const { privateKey } = await rsaPair(1);
    evil.documents.set("/users/strict", (_request: unknown, response: import("node:http").ServerResponse) => {
      response.writeHead(401, { "Accept-Signature": challenge }).end();
    });
    const id = `${evil.origin}/users/strict`;
    expect((await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id))).status).toBe(401);
    const [asked, ...again] = evil.requests.filter(({ line }) => line === `GET ${id}`);
    expect(again).toEqual([]);
    expect(readCovered(asked?.headers ?? {})).toEqual(
      expect.arrayContaining(["(request-target)", "host", "date"]),
    );
    expect(asked?.headers["signature-input"]).toBeUndefined();
  });
});

/** Spellings of addresses that are nobody's but this machine's or its network's. */
const spellings = [
  "127.0.0.1",
  "127.1",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[fe80::1]",
  "169.254.169.254",
  "0.0.0.0",
  "１２７。０。０。１",
  "localhost",
  "inside.test",
];

describe("T10 SSRF by key, actor, context, inbox, NodeInfo, WebFinger", () => {
  beforeAll(() => {
    world.declare("localhost", "127.0.0.1");
    world.declare("inside.test", "10.0.0.7");
  });

  test.each(spellings)("%s is never connected to, whatever names it", async (host) => {
    const before = world.connected.length;
    const inside = `https://${host}`;
    const { privateKey, publicKeyPem } = await rsaPair(0);

    const id = `${inside}/users/x`;
    const key = await server.deliver({ keyId: `${id}#main-key`, privateKey }, follow(id));
    expect([401, 403, 503]).toContain(key.status);

    for (const more of [{ inbox: `${inside}/inbox` }, { endpoints: { sharedInbox: `${inside}/inbox` } }]) {
      const person = await settle(good, `x${++count}`, 0, more);
      expect((await server.deliver(person, follow(person.id))).status).toBe(202);
    }
    const owned = `${good.origin}/keys/${++count}`;
    const key509 = { id: owned, type: "CryptographicKey", owner: `${inside}/users/x`, publicKeyPem };
    good.documents.set(new URL(owned).pathname, { "@context": "https://w3id.org/security/v1", ...key509 });
    const foreign = await server.deliver({ keyId: owned, privateKey }, follow(`${good.origin}/users/y`));
    expect([401, 403, 503]).toContain(foreign.status);

    const writer = await settle(good, `w${++count}`, 0);
    const remote = { "@context": [`${inside}/context`, "https://www.w3.org/ns/activitystreams"] };
    expect((await server.deliver(writer, { ...follow(writer.id), ...remote })).status).toBe(202);
    for (const type of ["Create", "Announce", "Like", "Undo", "Update", "Move", "Flag"]) {
      const activity = { id: `${writer.id}#${++count}`, type, actor: writer.id, object: `${inside}/notes/1` };
      const more = { target: `${inside}/users/z`, attributedTo: `${inside}/users/x` };
      expect((await server.deliver(writer, { ...activity, ...more })).status).toBe(202);
    }

    for (const handle of [`@x@${host}`, `${inside}/users/x`]) {
      const { status } = await server.json("POST", "/users/carol/following", { handle }, token);
      expect(status).toBe(422);
    }
    await settleInbox(server.databaseUrl);
    const reached = world.connected.slice(before).filter((name) => name !== "good.test");
    expect(reached).toEqual([]);
  });

  test("the connections of public names are noticed by this test", async () => {
    expect(world.connected).toContain("good.test");
  });
});

describe("T11 incomplete address list", () => {
  const refused = [
    ..."0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.0.1".split(" "),
    ..."169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1".split(
      " ",
    ),
    ..."198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16".split(
      " ",
    ),
    ..."::  ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1".split(
      / +/,
    ),
    ..."fe80::1 fec0::1 fc00::1 fd00::1 ff02::1 2001::1 2001:db8::1 2002:7f00:1::1 100::1 3fff::1 5f00::1".split(
      " ",
    ),
  ];
  const permitted = ["198.41.0.4", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"];

  test("has 40 addresses and more", () => expect(refused.length).toBeGreaterThanOrEqual(40));

  test("a name at any of them is not connected to, alone or beside a public one", async () => {
    const target = await world.open("target.test");
    for (const address of refused) {
      expect(isPublicAddress(address), address).toBe(false);
      for (const addresses of [[address], ["198.41.0.4", address]]) {
        world.declare("target.test", ...addresses);
        const { status } = await server.json(
          "POST",
          "/users/carol/following",
          { handle: `https://target.test/${++count}` },
          token,
        );
        expect(status).toBe(422);
      }
    }
    expect(target.requests).toEqual([]);
    expect(world.connected).not.toContain("target.test");
  });

  test.each(permitted)("%s is", async (address) => {
    const name = `ok${++count}.test`;
    const remote = await world.open(name);
    world.declare(name, address);
    const person = await settle(remote, "pat");
    expect((await server.deliver(person, follow(person.id))).status).toBe(202);
    await eventually("the follower is stored", () => findActor(person.id));
  });
});

test("T12 DNS rebinding: a name that leads inside at its second look-up is not connected to there", async () => {
  const remote = await world.open("rebind.test");
  const person = await settle(remote, "pat");
  // Every answer ends its connection, so that the next one is looked up anew.
  remote.documents.set("/users/pat", (_request: unknown, response: import("node:http").ServerResponse) => {
    response.setHeader("Connection", "close");
    world.declare("rebind.test", "127.0.0.1");
    answerDocument(response, describePerson(person.id, person.publicKeyPem));
  });
  expect((await server.deliver(person, follow(person.id))).status).toBe(202);
  await settleInbox(server.databaseUrl);
  expect(world.connected.filter((name) => name === "rebind.test")).toHaveLength(1);
  expect(remote.requests).toHaveLength(1);
  expect(await findActor(person.id)).toBeUndefined();
});

describe("T13 redirect loop, chain, to private", () => {
  const redirect = (to: string) => (_request: unknown, response: import("node:http").ServerResponse) => {
    response.writeHead(302, { Location: to }).end();
  };

  /** The status for an activity signed by a key at the path, and how often its server was asked. */
  async function ask(path: string): Promise<{ status: number; hops: string[] }> {
    const { privateKey } = await rsaPair(1);
    const before = world.requests.length;
    const id = evil.origin + path;
    const { status } = await server.deliver({ keyId: id, privateKey }, follow(id));
    return { status, hops: world.requests.slice(before) };
  }

  test("a loop ends after three redirects", async () => {
    evil.documents.set("/loop", redirect("/loop"));
    const { status, hops } = await ask("/loop");
    expect(status).toBe(401);
    expect(hops).toHaveLength(4);
  });

  test("a chain of four is not followed to its end", async () => {
    for (const step of [0, 1, 2, 3]) evil.documents.set(`/chain/${step}`, redirect(`/chain/${step + 1}`));
    evil.documents.set("/chain/4", { id: `${evil.origin}/chain/4` });
    const { status, hops } = await ask("/chain/0");
    expect(status).toBe(401);
    expect(hops.at(-1)).toBe(`GET ${evil.origin}/chain/3`);
  });

  test.each([
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://inside.test/x",
    "http://good.test/x",
    "file:///etc/passwd",
  ])("one to %s is not followed", async (to) => {
    const path = `/to/${++count}`;
    evil.documents.set(path, redirect(to));
    const before = world.connected.length;
    expect((await ask(path)).status).toBe(401);
    expect(world.connected.slice(before).filter((name) => name !== "evil.test")).toEqual([]);
  });
});

describe("T21 delivery as cannon", () => {
  test("an actor whose inbox is on somebody else's server is not stored", async () => {
    for (const inbox of ["https://good.test/users/victim/inbox", "https://evil.test.good.test/inbox"]) {
      const person: Person = await settle(evil, `cannon${++count}`, 1, { inbox });
      expect((await server.deliver(person, follow(person.id))).status).toBe(202);
      await settleInbox(server.databaseUrl);
      expect(await findActor(person.id)).toBeUndefined();
    }
    expect(good.requests.map(({ line }) => line)).not.toContain("POST https://good.test/users/victim/inbox");
  });

  test("a shared inbox on somebody else's server is not used; one on a neighbour's name is", async () => {
    for (const [sharedInbox, kept] of [
      ["https://good.test/inbox", null],
      ["https://sub.evil.test/inbox", "https://sub.evil.test/inbox"],
    ] as const) {
      const person = await settle(evil, `shared${++count}`, 1, { endpoints: { sharedInbox } });
      expect((await server.deliver(person, follow(person.id))).status).toBe(202);
      const actor = await eventually("the actor is stored", () => findActor(person.id));
      expect(actor.shared_inbox).toBe(kept);
    }
  });
});
