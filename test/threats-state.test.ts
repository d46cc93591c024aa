import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../src/claims/json.ts";
import { act, alice } from "./helpers/activities.ts";
import { expectNoEffect, readState, settleInbox } from "./helpers/effects.ts";
import {
  createWorld,
  type GuardedServer,
  type Person,
  type Remote,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually, type Json } from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";

const everybody = "https://www.w3.org/ns/activitystreams#Public";
const password = "nobody may ever read this";
const world = createWorld();
let server: GuardedServer;
let good: Remote;
let evil: Remote;
let bob: Person;
let mallory: Person;
let neighbour: Person;
let token: string;
let note: string;

beforeAll(async () => {
  good = await world.open("good.test");
  evil = await world.open("evil.test");
  bob = await settle(good, "bob", 0);
  neighbour = await settle(good, "neighbour", 1);
  mallory = await settle(evil, "mallory", 1);
  server = await startGuardedServer(world, { LIMIT_FETCHES: "1000" });
  token = await server.logIn();
  const work = { name: "work", content_hash: "a".repeat(64), asset_type: "image" };
  const { body } = await server.json("POST", "/assets", work, token);
  note = body.asset.post;
});

/** Sends what must be taken, and waits until it has been handled. */
async function send(by: Person, activity: JsonObject): Promise<void> {
  expect((await server.deliver(by, activity)).status).toBe(202);
  await settleInbox(server.databaseUrl);
}

async function isFollower(iri: string): Promise<boolean> {
  const rows = await query(
    server.databaseUrl,
    "select 1 from followers f join remote_actors a on a.id = f.actor_id where a.iri = $1",
    [iri],
  );
  return rows.length > 0;
}

/** All rows but the memory of what was received: what the activities of somebody who may not leave as it was. */
async function readEffects(): Promise<Record<string, string>> {
  const {
    received_activities: _received,
    remote_actors: _actors,
    ...rest
  } = await readState(server.databaseUrl);
  return rest;
}

describe("T6 Undo, Update, Delete of another's thing", () => {
  test("evil undoes bob's follow, like, share and reply, and they stay", async () => {
    const follow = act(bob, "Follow", alice);
    const like = act(bob, "Like", note);
    const share = act(bob, "Announce", note);
    const reply = {
      id: `${good.origin}/notes/r`,
      type: "Note",
      attributedTo: bob.id,
      content: "Yes",
      to: [everybody],
      inReplyTo: note,
    };
    for (const activity of [follow, like, share, act(bob, "Create", reply)]) await send(bob, activity);
    expect(await isFollower(bob.id)).toBe(true);
    const interactions = await query(server.databaseUrl, "select kind from interactions order by kind");
    expect(interactions).toEqual([{ kind: "like" }, { kind: "reply" }, { kind: "share" }]);
    // Who has nothing to do with it is known by now.
    for (const by of [mallory, neighbour]) await send(by, act(by, "Like", note));

    const findBob = () => query(server.databaseUrl, "select * from remote_actors where iri = $1", [bob.id]);
    const himself = await findBob();
    const before = await readEffects();
    for (const by of [mallory, neighbour]) {
      for (const object of [follow, like, share]) {
        await send(by, act(by, "Undo", object.id));
        await send(by, act(by, "Undo", object));
        await send(by, act(by, "Undo", { ...object, actor: by.id }));
        await send(by, act(by, "Delete", object.id));
      }
      await send(by, act(by, "Update", { ...reply, content: "No", attributedTo: by.id }));
      await send(by, act(by, "Update", { ...reply, content: "No" }));
      await send(by, act(by, "Delete", reply.id));
      await send(by, act(by, "Delete", { id: reply.id, type: "Tombstone" }));
      await send(by, act(by, "Delete", bob.id));
      await send(by, act(by, "Update", { id: bob.id, type: "Person", inbox: `${evil.origin}/inbox` }));
      await send(by, act(by, "Move", bob.id, { target: by.id }));
      await send(by, act(by, "Update", { id: note, type: "Note", attributedTo: by.id, content: "Mine" }));
      await send(by, act(by, "Delete", note));
      await send(by, act(by, "Delete", alice));
    }
    expect(await readEffects()).toEqual(before);
    expect(await findBob()).toEqual(himself);
    expect(await isFollower(bob.id)).toBe(true);
  });

  test("bob himself may", async () => {
    const [row] = await query<{ iri: string }>(
      server.databaseUrl,
      "select iri from interactions where kind = 'reply'",
    );
    await send(bob, act(bob, "Delete", row?.iri ?? ""));
    expect(await query(server.databaseUrl, "select 1 from interactions where kind = 'reply'")).toEqual([]);
  });
});

describe("T23 replay", () => {
  test("twice, 100 at once and a day later are one effect", async () => {
    const carol = await settle(good, "carol", 0);
    const follow = act(carol, "Follow", alice);
    await send(carol, follow);
    await send(carol, follow);
    const statuses = await Promise.all(
      Array.from({ length: 100 }, async () => (await server.deliver(carol, follow)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    await settleInbox(server.databaseUrl);
    await query(server.databaseUrl, "update received_activities set received = received - interval '1 day'");
    await send(carol, follow);
    await eventually("it is accepted", async () =>
      good.requests.find(({ line }) => line === `POST ${carol.id}/inbox`),
    );
    await settleInbox(server.databaseUrl);
    const accepts = await query(
      server.databaseUrl,
      "select 1 from publications where document like '%\"Accept\"%' and document like $1",
      [`%${follow.id}"%`],
    );
    expect(accepts).toHaveLength(1);
    expect(good.requests.filter(({ line }) => line === `POST ${carol.id}/inbox`)).toHaveLength(1);
  });

  test("a request that was signed a day ago gets 401", async () => {
    await expectNoEffect(server, world, async () => {
      const response = await server.deliver(bob, act(bob, "Like", note), {
        alter: (request) => {
          const headers = new Headers(request.headers);
          headers.set("Date", new Date(Date.now() - 86_400_000).toUTCString());
          return new Request(request, { headers });
        },
      });
      expect(response.status).toBe(401);
    });
  });
});

describe("T24 old Follow after its Undo", () => {
  test("Follow f1, Undo f1, Follow f1 leaves nobody following", async () => {
    const dave = await settle(good, "dave", 0);
    const follow = act(dave, "Follow", alice);
    await send(dave, follow);
    expect(await isFollower(dave.id)).toBe(true);
    await send(dave, act(dave, "Undo", follow));
    expect(await isFollower(dave.id)).toBe(false);
    await send(dave, follow);
    expect(await isFollower(dave.id)).toBe(false);
  });

  test("so does Undo f1, Follow f1; another Follow is another matter", async () => {
    const erin = await settle(good, "erin", 0);
    const follow = act(erin, "Follow", alice);
    await send(erin, act(erin, "Undo", follow.id));
    await send(erin, follow);
    expect(await isFollower(erin.id)).toBe(false);
    await send(erin, act(erin, "Follow", alice));
    expect(await isFollower(erin.id)).toBe(true);
  });
});

test("T27 private things leak: no page and no document shows an address, a hash, a token or a key", async () => {
  const email = "very.private@mail.example";
  const registered = await server.json("POST", "/auth/register", { username: "secretive", password, email });
  const mine: string = registered.body.access_token;
  const hash = "b".repeat(64);
  await server.json("POST", "/assets", { name: "secretives", content_hash: hash, asset_type: "image" }, mine);
  const [user] = await query<{ password_hash: string }>(
    server.databaseUrl,
    "select * from users where username = 'secretive'",
  );
  const stored = Object.values(user ?? {}).filter(
    (value) => typeof value === "string" && value.startsWith("$argon2"),
  );
  expect(stored).toHaveLength(1);
  const secrets = [email, "very.private", String(stored[0]), mine, password, server.password, "PRIVATE KEY"];

  const paths = new Set<string>([
    "/",
    "/users",
    "/assets",
    "/activities",
    "/login",
    "/register",
    "/verify",
    "/home",
  ]);
  for (const path of [
    "/users/secretive",
    "/actor",
    "/nodeinfo/2.1",
    "/.well-known/nodeinfo",
    "/healthz",
    "/readyz",
  ]) {
    paths.add(path);
  }
  for (const part of ["outbox", "followers", "following", "featured", "inbox"])
    paths.add(`/users/secretive/${part}`);
  for (const index of [0, 1]) for (const kind of ["activities", "notes"]) paths.add(`/${kind}/${index}`);
  paths
    .add(`/objects/${hash}`)
    .add("/asset/secretives")
    .add("/assets/secretives")
    .add("/openapi.json")
    .add("/metrics");
  paths.add("/.well-known/webfinger?resource=acct:secretive@l2.test").add("/admin").add("/settings");
  const read = new Set<string>();
  for (const path of paths) {
    for (const accept of ["text/html", "application/activity+json", "application/json"]) {
      for (const headers of [{}, { Authorization: `Bearer ${token}` }]) {
        const response = await server.request(path, { headers: { Accept: accept, ...headers } });
        const text = `${JSON.stringify([...response.headers])} ${await response.text()}`;
        for (const secret of secrets) expect(text.includes(secret), `${path} as ${accept}`).toBe(false);
        read.add(`${path} ${response.status}`);
        for (const [, link = ""] of text.matchAll(/(?:href|src)="(\/[^"#]*)"/g)) {
          if (paths.size < 80) paths.add(link.replaceAll("&amp;", "&"));
        }
      }
    }
  }
  expect([...read].filter((line) => line.endsWith(" 200")).length).toBeGreaterThan(20);
  expect([...read].filter((line) => / 5\d\d$/.test(line))).toEqual([]);
  const rows = await dump(server.databaseUrl);
  for (const secret of [mine, password, server.password, "PRIVATE KEY"])
    expect(rows.includes(secret)).toBe(false);
});

describe("T28 an Accept nobody asked for", () => {
  test("has no effect: of no Follow, of another's, by whom it was not for", async () => {
    const before = await query(server.databaseUrl, "select * from following");
    await send(mallory, act(mallory, "Accept", `${alice}#follows/none`));
    await send(
      mallory,
      act(mallory, "Accept", { id: `${alice}#f`, type: "Follow", actor: alice, object: mallory.id }),
    );
    expect(await query(server.databaseUrl, "select * from following")).toEqual(before);

    const frank = await settle(good, "frank", 0);
    const asked = await server.json("POST", "/users/alice/following", { handle: frank.id }, token);
    expect(asked).toMatchObject({ status: 202, body: { state: "requested" } as Json });
    const [following] = await query<{ follow_iri: string }>(
      server.databaseUrl,
      "select follow_iri from following f join remote_actors a on a.id = f.actor_id where a.iri = $1",
      [frank.id],
    );
    const iri = following?.follow_iri ?? "";
    const state = () => query(server.databaseUrl, "select * from following order by follow_iri");
    const pending = await state();
    for (const by of [mallory, neighbour]) {
      await send(by, act(by, "Accept", iri));
      await send(by, act(by, "Accept", { id: iri, type: "Follow", actor: alice, object: by.id }));
      await send(by, act(by, "Accept", { id: iri, type: "Follow", actor: alice, object: frank.id }));
      await send(by, act(by, "Reject", iri));
    }
    expect(await state()).toEqual(pending);
    await send(frank, act(frank, "Accept", iri));
    expect(await state()).not.toEqual(pending);
  });
});
