import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { documentContext } from "../src/claims/context.ts";
import type { JsonObject } from "../src/claims/json.ts";
import { encodeMultikey } from "../src/claims/multikey.ts";
import { prove } from "../src/claims/proof.ts";
import { type FixtureRemote, openFixtureRemote } from "./helpers/fixture-remote.ts";
import { forgetInbound, insertFollow, listEffects, settleInbound } from "./helpers/inbound-state.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const everybody = "https://www.w3.org/ns/activitystreams#Public";
const contentHash = "b".repeat(64);

let server: TestServer;
let remote: FixtureRemote;
let other: FixtureRemote;
let token: string;
let bob: string;
let evil: string;
let note: string;
let proofPair: CryptoKeyPair;
let multibase: string;

beforeAll(async () => {
  server = await startTestServer({ LIMIT_FETCHES: "1000", LIMIT_NEW_ACTORS: "1000", LIMIT_INBOX: "1000" });
  remote = await openFixtureRemote("127.0.2.1");
  other = await openFixtureRemote("127.0.2.2");
  proofPair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  multibase = await encodeMultikey(proofPair.publicKey);
  bob = addActor(remote, "bob");
  evil = addActor(other, "evil");
  token = await server.logIn();
  const work = { name: "sea", content_hash: "a".repeat(64), asset_type: "image" };
  await server.json("POST", "/assets", work, token);
  note = `${server.origin}/notes/0`;
});

beforeEach(() => forgetInbound(server.databaseUrl));

function addActor({ origin, documents, publicKeyPem }: FixtureRemote, username: string): string {
  const id = `${origin}/users/${username}`;
  documents.set(`/users/${username}`, {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      "https://w3id.org/security/v1",
      "https://w3id.org/security/multikey/v1",
      { assertionMethod: { "@id": "https://w3id.org/security#assertionMethod", "@type": "@id" } },
    ],
    id,
    type: "Person",
    preferredUsername: username,
    name: `<b>${username}</b>`,
    inbox: `${id}/inbox`,
    followers: `${id}/followers`,
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
    assertionMethod: [
      { id: `${id}#${multibase}`, type: "Multikey", controller: id, publicKeyMultibase: multibase },
    ],
  });
  return id;
}

/** Sends an activity of bob's, or of another actor, and waits until it is handled. */
async function receive(activity: Json, actor = bob, inbox = "/inbox"): Promise<number> {
  const from = actor.startsWith(remote.origin) ? remote : other;
  const document = { "@context": "https://www.w3.org/ns/activitystreams", actor, ...activity };
  const status = await from.send(server.origin + inbox, document, `${actor}#main-key`);
  await settleInbound(server.databaseUrl);
  return status;
}

async function follow(actor = bob): Promise<void> {
  const row = { iri: actor, name: "Bob", inbox: `${actor}/inbox`, followers: `${actor}/followers` };
  await insertFollow(server, "alice", row, { accepted: true });
}

function effects(): Promise<string[]> {
  return listEffects(server, remote.origin);
}

const like = () => ({ id: `${remote.origin}/likes/1`, type: "Like", object: note });
const announce = () => ({ id: `${remote.origin}/shares/1`, type: "Announce", object: note, to: [everybody] });

function post(key: string, more: Json = {}): Json {
  const id = `${remote.origin}/notes/${key}`;
  return { id, type: "Note", attributedTo: bob, to: [everybody], content: `<p>${key}</p>`, ...more };
}

function create(object: Json): Json {
  return { id: `${object.id}#create`, type: "Create", to: [everybody], object };
}

async function listHome(): Promise<Json[]> {
  return (await server.json("GET", "/home", undefined, token)).body.posts;
}

describe("what is undone or deleted", () => {
  test.each([
    ["Like", like],
    ["Announce", announce],
  ])("stays so when the %s arrives after its Undo", async (_type, build) => {
    const undo = { id: `${remote.origin}/undos/1`, type: "Undo", object: { actor: bob, ...build() } };
    expect(await receive(undo)).toBe(202);
    expect(await receive(build())).toBe(202);
    expect((await effects()).filter((line) => !line.startsWith("actor"))).toEqual([]);
  });

  test("stays so when the Create arrives after its Delete", async () => {
    await follow();
    const object = post("1", { inReplyTo: note });
    await receive({
      id: `${object.id}#delete`,
      type: "Delete",
      object: { id: object.id, type: "Tombstone" },
    });
    await receive(create(object));
    expect((await effects()).filter((line) => /^(?:post|reply)/.test(line))).toEqual([]);
  });

  test("is the later like's only by its own id", async () => {
    await receive(like());
    await receive({ ...like(), id: `${remote.origin}/likes/2` });
    await receive({ id: `${remote.origin}/undos/1`, type: "Undo", object: like().id });
    expect((await server.json("GET", "/assets/sea")).body.likes).toBe(1);
    await receive({ id: `${remote.origin}/undos/2`, type: "Undo", object: `${remote.origin}/likes/2` });
    expect((await server.json("GET", "/assets/sea")).body.likes).toBe(0);
  });
});

describe("somebody else", () => {
  test("can undo, delete and change nothing of bob's", async () => {
    await follow();
    await receive(like());
    await receive(create(post("1")));
    await receive(create(post("2", { inReplyTo: note })));
    const before = await effects();
    // A stranger's Delete would not even be looked at.
    await receive({ ...announce(), id: `${other.origin}/shares/1` }, evil);
    const id = (key: string) => `${other.origin}/attacks/${key}`;
    await receive({ id: id("1"), type: "Undo", object: { actor: bob, ...like() } }, evil);
    await receive({ id: id("2"), type: "Delete", object: post("1").id }, evil);
    await receive({ id: id("3"), type: "Delete", object: post("2").id }, evil);
    await receive({ id: id("4"), type: "Update", object: post("1", { content: "evil" }) }, evil);
    await receive({ id: id("5"), type: "Update", object: post("1", { attributedTo: evil }) }, evil);
    await receive({ id: id("6"), type: "Delete", object: bob }, evil);
    await receive({ id: id("7"), type: "Move", object: bob, target: evil }, evil);
    expect((await effects()).filter((line) => !line.includes(evil))).toEqual(before);
  });

  test("of bob's own server can't either", async () => {
    const mallory = addActor(remote, "mallory");
    await follow();
    await receive(create(post("1")));
    await receive(create(post("2", { inReplyTo: note })));
    await receive(announce(), mallory);
    const before = await effects();
    for (const [at, author] of [bob, mallory].entries()) {
      for (const key of ["1", "2"]) {
        const object = post(key, { content: "evil", attributedTo: author });
        await receive({ id: `${remote.origin}/attacks/${at}${key}`, type: "Update", object }, mallory);
      }
    }
    for (const key of ["1", "2"]) {
      await receive(
        { id: `${remote.origin}/attacks/d${key}`, type: "Delete", object: post(key).id },
        mallory,
      );
    }
    expect(await effects()).toEqual(before);
  });

  test("is not believed when he sends a post of bob's along, nor is bob's server asked for it", async () => {
    await follow();
    remote.asked.length = 0;
    const activity = {
      id: `${other.origin}/creates/1`,
      type: "Create",
      object: post("unseen", { content: "evil" }),
    };
    expect(await receive(activity, evil)).toBe(202);
    expect(await listHome()).toEqual([]);
    expect(remote.asked).toEqual([]);
  });
});

test("an older change that arrives after a newer one is let go", async () => {
  await follow();
  await receive(create(post("1")));
  const change = (day: number) => ({
    id: `${remote.origin}/updates/${day}`,
    type: "Update",
    object: post("1", { content: `<p>day ${day}</p>`, updated: `2026-11-2${day}T00:00:00Z` }),
  });
  await receive(change(2));
  await receive(change(1));
  expect(await listHome()).toMatchObject([{ content: "<p>day 2</p>" }]);
});

test("a like that comes to both inboxes, and again under another id, is one", async () => {
  const ways = ["/inbox", "/users/alice/inbox", "/inbox"];
  await Promise.all(ways.map((inbox) => receive(like(), bob, inbox)));
  await receive({ ...like(), id: `${remote.origin}/likes/2`, type: "EmojiReact", content: "!" });
  expect((await server.json("GET", "/assets/sea")).body.likes).toBe(1);
});

test("likes, shares and replies are counted, listed and shown, and a reply's HTML does no harm", async () => {
  await receive(like());
  await receive(announce());
  const content = `<p onclick="x()">Nice<script>alert(1)</script> <a href="javascript:x()">x</a></p>`;
  await receive(create(post("1", { inReplyTo: note, content, url: `${remote.origin}/@bob/1` })));
  const { body: asset } = await server.json("GET", "/assets/sea");
  expect(asset).toMatchObject({ likes: 1, shares: 1, replies: 1 });
  const served = await server.json("GET", "/notes/0");
  const totals = { type: "Collection", totalItems: 1 };
  expect(served.body).toMatchObject({
    likes: { id: `${note}/likes`, ...totals },
    shares: { id: `${note}/shares`, ...totals },
    replies: { id: `${note}/replies`, ...totals },
  });
  for (const kind of ["likes", "shares"]) {
    const { body, headers } = await server.json("GET", `/notes/0/${kind}`);
    expect(body).toEqual({ "@context": expect.anything(), id: `${note}/${kind}`, ...totals });
    expect(headers.get("content-type")).toContain("application/activity+json");
  }
  expect((await server.json("GET", "/notes/0/replies")).body.items).toEqual([post("1").id]);
  expect((await server.json("GET", "/notes/9/replies")).status).toBe(404);
  const page = await (await server.request("/asset/sea", { headers: { Accept: "text/html" } })).text();
  expect(page).toContain(`<a class="author" href="${bob}"`);
  expect(page).toContain("&lt;b&gt;bob&lt;/b&gt; (@bob@");
  expect(page).toContain("<p>Nice <a");
  expect(page).not.toMatch(/alert\(1\)|onclick|javascript:/);
});

describe("a user who follows bob", () => {
  beforeEach(async () => {
    remote.received.length = 0;
    await follow();
    await receive(create(post("1")));
  });

  function delivered(type: string): Promise<Json> {
    return eventually(`${type} arrives`, async () =>
      remote.received.find((activity) => activity.type === type),
    );
  }

  test("likes his post once, and no longer", async () => {
    const object = post("1").id;
    const liked = await server.json("POST", "/reactions", { type: "like", object }, token);
    expect(liked).toMatchObject({ status: 201, body: { type: "like", object } });
    expect((await server.json("POST", "/reactions", { type: "like", object }, token)).status).toBe(200);
    const actor = `${server.origin}/users/alice`;
    expect(await delivered("Like")).toMatchObject({ id: liked.body.id, actor, object, to: [bob] });
    expect(await listHome()).toMatchObject([{ liked: true }]);
    expect((await server.json("DELETE", "/reactions", { object }, token)).status).toBe(204);
    expect(await delivered("Undo")).toMatchObject({
      actor,
      object: { id: liked.body.id, type: "Like", object },
    });
    expect(await listHome()).toMatchObject([{ liked: false }]);
    expect((await server.json("DELETE", "/reactions", { object }, token)).status).toBe(404);
    expect(remote.received.filter(({ type }) => type === "Like")).toHaveLength(1);
  });

  test("answers it, and the reply is served as it was sent", async () => {
    const object = post("1").id;
    const content = "Well <done>!\n\nReally";
    const replied = await server.json("POST", "/reactions", { type: "reply", object, content }, token);
    expect(replied.status).toBe(201);
    const sent = await delivered("Create");
    expect(sent).toMatchObject({
      actor: `${server.origin}/users/alice`,
      to: [everybody],
      cc: [`${server.origin}/users/alice/followers`, bob],
      proof: { cryptosuite: "eddsa-jcs-2022" },
      object: {
        id: replied.body.id,
        type: "Note",
        inReplyTo: object,
        tag: [{ type: "Mention", href: bob, name: `@somebody@${new URL(bob).host}` }],
      },
    });
    expect(sent.object.content).toMatch(
      /^<p><a href="[^"]+" class="u-url mention">@.+<\/a> Well &lt;done&gt;!<\/p><p>Really<\/p>$/,
    );
    const served = await server.json("GET", new URL(replied.body.id).pathname);
    const { "@context": _context, ...body } = served.body;
    expect(body).toEqual(sent.object);
    const page = await server.request(new URL(replied.body.id).pathname, {
      headers: { Accept: "text/html" },
    });
    expect(await page.text()).toContain("Well &lt;done&gt;!");
  });

  test("is told what can't be answered or liked", async () => {
    const object = post("1").id;
    const send = (body: object) => server.json("POST", "/reactions", body, token);
    expect((await send({ type: "reply", object, content: " " })).status).toBe(422);
    expect((await send({ type: "reply", object, content: "x".repeat(5001) })).status).toBe(422);
    expect((await send({ type: "boo", object })).status).toBe(422);
    expect((await send({ type: "like", object: post("2").id })).status).toBe(404);
    expect((await server.json("POST", "/reactions", { type: "like", object })).status).toBe(401);
    const stranger = await server.register(`stranger${Date.now() % 100_000}`);
    expect((await server.json("POST", "/reactions", { type: "like", object }, stranger)).status).toBe(404);
  });

  test("does all that with the forms of the home feed, too", async () => {
    const page = await server.request("/home", {
      headers: { Accept: "text/html", Authorization: `Bearer ${token}` },
    });
    const html = await page.text();
    for (const action of ["/reactions", "/shares"])
      expect(html).toContain(`method="post" action="${action}"`);
    const submit = (fields: Record<string, string>) =>
      server.request("/reactions", {
        method: "POST",
        headers: { Accept: "text/html", Authorization: `Bearer ${token}` },
        body: new URLSearchParams({ object: post("1").id, next: "/home", ...fields }),
      });
    for (const fields of [{ type: "like" }, { type: "unlike" }, { type: "reply", content: "Hi" }]) {
      const answer = await submit(fields);
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/home"]);
    }
    await delivered("Undo");
    await delivered("Create");
  });

  test("keeps what was for followers among them", async () => {
    const secret = post("2", { to: [`${bob}/followers`] });
    await receive({ ...create(secret), to: [`${bob}/followers`] });
    await server.json("POST", "/reactions", { type: "reply", object: secret.id, content: "Psst" }, token);
    const sent = await delivered("Create");
    expect([sent.to, sent.cc, sent.object.to, sent.object.cc]).toEqual([[bob], [], [bob], []]);
    const publications = await query(
      server.databaseUrl,
      "select to_followers from publications where iri = $1",
      [sent.id],
    );
    expect(publications).toEqual([{ to_followers: false }]);
  });
});

test("likes and replies of users here count for works of this server, and nothing of a like is sent", async () => {
  const carol = await server.register("carol");
  const before = await query(server.databaseUrl, "select id from publications");
  expect((await server.json("POST", "/reactions", { type: "like", object: note }, carol)).status).toBe(201);
  expect(await query(server.databaseUrl, "select id from publications")).toEqual(before);
  const reply = { type: "reply", object: note, content: "Hello <b>" };
  const { body } = await server.json("POST", "/reactions", reply, carol);
  expect((await server.json("GET", "/assets/sea")).body).toMatchObject({ likes: 1, replies: 1 });
  expect((await server.json("GET", "/notes/0/replies")).body.items).toEqual([body.id]);
  const page = await (await server.request("/asset/sea", { headers: { Accept: "text/html" } })).text();
  expect(page).toContain("Hello &lt;b&gt;");
  await server.json("DELETE", "/reactions", { object: note }, carol);
  expect((await server.json("GET", "/assets/sea")).body.likes).toBe(0);
});

describe("a claim of another server", () => {
  // That a document is gone is remembered for a while, so that each test has a claim of its own.
  let number = 0;
  let at: string;

  beforeEach(() => {
    at = `/activities/${number++}`;
  });

  async function serveClaim(hash = contentHash): Promise<string> {
    const id = remote.origin + at;
    const object = {
      id: `${remote.origin}/objects/${hash}`,
      type: "Image",
      attributedTo: bob,
      contentHash: { algorithm: "sha3-256", value: hash },
    };
    const claim: JsonObject = { "@context": documentContext, id, type: "Create", actor: bob, object };
    const key = { privateKey: proofPair.privateKey, verificationMethod: `${bob}#${multibase}` };
    remote.documents.set(at, await prove(claim, key, new Date()));
    return id;
  }

  async function receivePost(): Promise<void> {
    await follow();
    const claim = await serveClaim();
    await receive({ ...create(post("1", { claim })), "@context": documentContext });
    expect(await listHome()).toMatchObject([{ claim: { content_hash: contentHash, verified: true } }]);
  }

  function update(key: string): Json {
    const updated = `2026-11-2${key}T00:00:00Z`;
    const object = post("1", { claim: remote.origin + at, updated });
    return { "@context": documentContext, id: `${object.id}#updates/${key}`, type: "Update", object };
  }

  test("is verified again when its post changes, and no longer counts where it is not valid any more", async () => {
    await receivePost();
    remote.asked.length = 0;
    await receive(update("1"));
    expect(remote.asked).toContain(at);
    expect(await listHome()).toMatchObject([{ claim: { verified: true } }]);
    await serveClaim("c".repeat(64));
    await receive(update("2"));
    expect(await listHome()).toMatchObject([{ claim: { content_hash: null, verified: false } }]);
    const kept = await query(server.databaseUrl, "select content_hash from remote_claims");
    expect(kept).toEqual([{ content_hash: contentHash }]);
  });

  test("that its server has withdrawn is kept, and shown as such", async () => {
    await receivePost();
    remote.documents.set(at, 410);
    await receive(update("1"));
    expect(await listHome()).toMatchObject([{ claim: { content_hash: contentHash, withdrawn: true } }]);
    const page = await server.request("/home", {
      headers: { Accept: "text/html", Authorization: `Bearer ${token}` },
    });
    expect(await page.text()).toContain("Claim withdrawn");
  });

  test("outlives its post, and its author", async () => {
    await receivePost();
    remote.documents.set(at, 410);
    const tombstone = { id: post("1").id, type: "Tombstone" };
    await receive({ id: `${post("1").id}#delete`, type: "Delete", object: tombstone });
    await receive({ id: `${bob}#delete`, type: "Delete", object: bob });
    const rows = await query<{ document: string; withdrawn: boolean }>(
      server.databaseUrl,
      "select document, withdrawn is not null as withdrawn from remote_claims",
    );
    expect(rows).toMatchObject([{ withdrawn: true }]);
    expect(JSON.parse(rows[0]?.document ?? "{}").object.contentHash.value).toBe(contentHash);
    expect(await effects()).toEqual(["actor https://remote.example/users/bob gone"]);
  });
});

test("an activity of somebody who is no actor is let go, once and for all", async () => {
  const id = `${remote.origin}/users/nobody`;
  remote.documents.set("/users/nobody", {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
    id,
    type: "Person",
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem: remote.publicKeyPem },
  });
  // Nothing is left to be tried again, which `receive` would not take.
  expect(await receive({ ...like(), id: `${remote.origin}/likes/nobody` }, id)).toBe(202);
  expect(await effects()).toEqual([]);
});
