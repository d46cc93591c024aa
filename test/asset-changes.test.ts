import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { asObject, type JsonObject } from "../src/claims/json.ts";
import { decodeMultikey } from "../src/claims/multikey.ts";
import { findVerificationMethod, verifyProof } from "../src/claims/proof.ts";
import { type FakeInbox, insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";

const everybody = "https://www.w3.org/ns/activitystreams#Public";
let server: TestServer;
let alice: string;
let bob: string;
let inbox: FakeInbox;
let hashes = 0;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_a" });
  alice = await server.register("alice");
  bob = await server.register("bob");
  inbox = await openFakeInbox();
  await insertFollower(server.databaseUrl, "alice", inbox.origin);
});

const newHash = () => (++hashes).toString(16).padStart(64, "a");

/** Registers a work of alice's, or of whose token it is, and gives the asset. */
async function register(name: string, more: Record<string, unknown> = {}, token = alice): Promise<Json> {
  const work = { name, content_hash: newHash(), asset_type: "image", ...more };
  const { status, body } = await server.json("POST", "/assets", work, token);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.asset;
}

const pathOf = (url: string) => url.slice(server.origin.length);
const read = async (url: string) => (await server.request(pathOf(url))).text();
const patch = (name: string, body: unknown, token = alice) =>
  server.json("PATCH", `/assets/${name}`, body, token);
const remove = (url: string, token = alice, body?: unknown) => server.json("DELETE", url, body, token);
const logSize = async () => (await server.json("GET", "/")).body.activities as number;

async function delivered(id: string): Promise<Json> {
  return await eventually(`${id} is delivered`, async () => {
    const found = inbox.received.find((item) => item.id === id);
    return found == null ? undefined : JSON.parse(found.body);
  });
}

/** Whether alice's own document lists the key with which a document is proved. */
async function isProved(document: JsonObject): Promise<boolean> {
  const { body: actor } = await server.json("GET", "/users/alice");
  const method = findVerificationMethod(document);
  const key = [actor.assertionMethod].flat().find((candidate: Json) => candidate.id === method);
  return key != null && (await verifyProof(document, await decodeMultikey(key.publicKeyMultibase)));
}

async function outbox(username: string): Promise<Json[]> {
  const { body } = await server.json("GET", `/users/${username}/outbox`);
  const { body: page } = await server.json("GET", pathOf(body.first));
  const items = [page.orderedItems ?? []].flat();
  expect(body.totalItems).toBe(items.length);
  return items;
}

describe("a change", () => {
  test("is a signed Update at a new index with the whole object, and an Update of the Note to followers", async () => {
    const asset = await register("changed", {
      description: "old words",
      tags: ["old"],
      metadata: { seed: 1 },
    });
    const before = await read(asset.activity);
    const size = await logSize();
    const { status, body } = await patch("changed", {
      description: "new words",
      tags: ["new"],
      url: "https://media.example/new.png",
      alt: "A tide",
    });
    expect(status).toBe(200);
    expect(body.asset).toMatchObject({
      description: "new words",
      tags: ["new"],
      metadata: { seed: 1 },
      index: asset.index,
      activity: asset.activity,
      object: asset.object,
      latest_activity: `${server.origin}/activities/${size}`,
      updated_at: expect.stringMatching(/^\d{4}-/),
    });
    expect(body.activity).toMatchObject({
      id: `${server.origin}/activities/${size}`,
      type: "Update",
      actor: `${server.origin}/users/alice`,
      object: {
        id: asset.object,
        type: "Image",
        name: "changed",
        content: "<p>new words</p>",
        metadata: { seed: 1 },
        contentHash: { algorithm: "sha3-256", value: asset.content_hash },
        published: asset.created_at.replace(".000", ""),
        updated: body.asset.updated_at.replace(".000", ""),
      },
    });
    expect(await isProved(body.activity)).toBe(true);

    expect(await read(asset.activity)).toBe(before);
    expect(await read(body.asset.latest_activity)).toBe(JSON.stringify(body.activity));
    const object = JSON.parse(await read(asset.object));
    expect(object.content).toBe("<p>new words</p>");

    const update = await delivered(`${asset.post}#updates/${size}`);
    expect(update).toMatchObject({
      type: "Update",
      to: [everybody],
      cc: [`${server.origin}/users/alice/followers`],
      object: { id: asset.post, type: "Note", updated: object.updated, published: object.published },
    });
    expect(update.object.content).toContain("new words");
    expect(update.object.content).not.toContain("old words");
    expect(update.object.attachment).toMatchObject([{ name: "A tide" }]);
    expect(await isProved(update)).toBe(true);
    const note = JSON.parse(await read(asset.post));
    expect(note).toMatchObject({ updated: object.updated, content: update.object.content });
  });

  test("that changes nothing makes nothing", async () => {
    const asset = await register("steady", {
      description: "same",
      sensitive: true,
      metadata: { a: 1, b: [2] },
    });
    const size = await logSize();
    const same = { description: "same", metadata: { b: [2], a: 1 }, tags: [], sensitive: true, alt: null };
    expect(await patch("steady", same)).toMatchObject({
      status: 200,
      body: {
        asset: { updated_at: null, index: asset.index },
        activity: { id: asset.activity, type: "Create" },
      },
    });
    expect((await patch("steady", {})).status).toBe(200);
    expect(await logSize()).toBe(size);
  });

  test("clears with null and keeps what is left out; done again it answers with what was made before", async () => {
    await register("cleared", { description: "words", alt: "alt", license: "CC0", width: 3, height: 4 });
    const { body } = await patch("cleared", { description: null, width: null, height: null });
    expect(body.asset).toMatchObject({
      description: null,
      width: null,
      height: null,
      alt: "alt",
      license: "CC0",
    });
    expect(body.activity.object).not.toHaveProperty("content");
    const again = await patch("cleared", { description: null });
    expect(again.body.activity).toEqual(body.activity);
  });

  test("of the content warning makes a work sensitive as registering with one does", async () => {
    await register("warned");
    const warned = await patch("warned", { content_warning: "Flashing" });
    expect(warned.body.asset).toMatchObject({ sensitive: true, content_warning: "Flashing" });
    const plain = await patch("warned", { content_warning: null, sensitive: null });
    expect(plain.body.asset).toMatchObject({ sensitive: false, content_warning: null });
  });

  test.each([
    ["name", "other"],
    ["content_hash", "f".repeat(64)],
    ["asset_type", "video"],
    ["post", "none"],
    ["width", -1],
    ["language", "no language"],
    ["blurhash", "5".padEnd(16, "0")],
  ])("of %s to %j is refused with the field named", async (field, value) => {
    const name = `refused-${field}`;
    await register(name);
    const { status, body } = await patch(name, { [field]: value, description: "more" });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ field }]);
    expect((await server.json("GET", `/assets/${name}`)).body.description).toBeNull();
  });

  test("of another's asset, or of none, is a 404, and without a session a 401", async () => {
    await register("alices");
    const size = await logSize();
    expect((await patch("alices", { description: "mine" }, bob)).status).toBe(404);
    expect((await patch("nobodys", { description: "mine" })).status).toBe(404);
    expect((await server.json("PATCH", "/assets/alices", { description: "mine" })).status).toBe(401);
    expect(await logSize()).toBe(size);
  });

  test("of an asset without a post is sent to nobody", async () => {
    const asset = await register("silent", { asset_type: "recipe" });
    const { body } = await patch("silent", { description: "words" });
    expect(body.activity.type).toBe("Update");
    const rows = await query(
      server.databaseUrl,
      "select id from publications where note_index = $1 or activity_index = any($2)",
      [asset.index, [asset.index, asset.index + 1]],
    );
    expect(rows).toEqual([]);
  });
});

describe("a withdrawal", () => {
  test("is a signed Delete at a new index, a Delete of the Note, and 410 wherever the work was", async () => {
    const asset = await register("withdrawn", { description: "secret words" });
    await patch("withdrawn", { description: "other secret words" });
    await delivered(`${asset.post}#updates/${asset.index + 1}`);
    const create = await read(asset.activity);
    const size = await logSize();
    const { status, body } = await remove("/assets/withdrawn");
    expect(status).toBe(200);
    expect(body.activity).toMatchObject({
      id: `${server.origin}/activities/${size}`,
      type: "Delete",
      object: { id: asset.activity, type: "Tombstone", formerType: "Create", deleted: expect.any(String) },
    });
    expect(await isProved(body.activity)).toBe(true);
    const told = await delivered(`${asset.post}#delete`);
    expect(told).toMatchObject({
      type: "Delete",
      to: [everybody],
      cc: [`${server.origin}/users/alice/followers`],
      object: { id: asset.post, type: "Tombstone", formerType: "Note", deleted: expect.any(String) },
    });
    expect(await isProved(told)).toBe(true);

    const addresses = [
      "/assets/withdrawn",
      "/asset/withdrawn",
      pathOf(asset.object),
      pathOf(asset.post),
      pathOf(asset.activity),
      `/activities/${asset.index + 1}`,
    ];
    for (const address of addresses) {
      for (const accept of ["application/activity+json", "text/html"]) {
        const response = await server.request(address, { headers: { Accept: accept } });
        expect(response.status, `${address} as ${accept}`).toBe(410);
        const text = await response.text();
        expect(text).not.toContain("secret words");
        expect(text.replaceAll(address, "")).not.toContain(asset.content_hash);
      }
    }
    expect((await patch("withdrawn", { description: "back" })).status).toBe(410);
    expect((await remove("/assets/withdrawn")).status).toBe(410);
    expect(JSON.parse(await read(`${server.origin}/activities/${size}`))).toEqual(body.activity);

    const [row] = await query<{ document: string | null; leaf_hash: Buffer }>(
      server.databaseUrl,
      "select document, leaf_hash from activities where index = $1",
      [asset.index],
    );
    const leaf = createHash("sha256")
      .update(Buffer.concat([Buffer.of(0), Buffer.from(create)]))
      .digest();
    expect(row).toEqual({ document: null, leaf_hash: leaf });
  });

  test("leaves no word of the work in the database", async () => {
    const asset = await register("Vanishing name", {
      description: "vanishing words",
      tags: ["vanishing-tag"],
    });
    await patch("Vanishing%20name", { alt: "vanishing alt" });
    expect((await remove("/assets/Vanishing%20name")).status).toBe(200);
    await delivered(`${asset.post}#delete`);
    const text = await dump(server.databaseUrl);
    expect(text).not.toMatch(/vanishing/i);
    expect(text).not.toContain(asset.content_hash);
  });

  test("burns the name for everybody, under a key that only the data directory has", async () => {
    await register("burnt");
    await remove("/assets/burnt");
    for (const token of [alice, bob]) {
      const work = { name: "burnt", content_hash: newHash(), asset_type: "image" };
      const { status, body } = await server.json("POST", "/assets", work, token);
      expect(status).toBe(409);
      expect(body.detail).toContain("withdrawn");
      expect(body.errors).toMatchObject([{ field: "name" }]);
    }
    const file = path.join(server.dataDirectory, "burn_secret");
    expect((await stat(file)).mode & 0o077).toBe(0);
    const secret = (await readFile(file, "utf8")).trim();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await dump(server.databaseUrl)).not.toContain(secret);
  });

  test("keeps the object's address burnt, and a new claim to the hash gets one of its own", async () => {
    const first = await register("first claim");
    await remove("/assets/first%20claim");
    const hash = first.content_hash;
    expect((await server.request(`/objects/${hash}?format=json`)).status).toBe(410);
    const second = await register("second claim", { content_hash: hash }, bob);
    expect(second).toMatchObject({
      object: `${server.origin}/objects/${hash}/${second.index}`,
      contested: false,
      first_claim: null,
    });
    expect((await server.request(`/objects/${hash}`)).status).toBe(410);
    expect((await server.request(pathOf(second.object))).status).toBe(200);
    const listed = await server.json("GET", `/objects/${hash}?format=json`);
    expect(listed.body.claims.map(({ name }: Json) => name)).toEqual(["second claim"]);
    const page = await server.request(`/objects/${hash}`, { headers: { Accept: "text/html" } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("second claim");
    const third = await register("third claim", { content_hash: hash });
    expect(third).toMatchObject({ contested: true, first_claim: second.activity });
    await remove("/assets/second%20claim", bob);
    expect((await server.request(pathOf(second.object))).status).toBe(410);
  });

  test("of another's asset is a 404, and the asset stays", async () => {
    await register("kept");
    expect((await remove("/assets/kept", bob)).status).toBe(404);
    expect((await server.json("DELETE", "/assets/kept")).status).toBe(401);
    expect((await server.request("/assets/kept")).status).toBe(200);
  });

  test("ends what still waits to be sent of the post, with a reason", async () => {
    const carol = await server.register("carol");
    const down = await openFakeInbox(() => 503);
    await insertFollower(server.databaseUrl, "carol", down.origin);
    const asset = await register("unsent", {}, carol);
    await eventually("it was tried", async () => down.received[0]);
    await remove("/assets/unsent", carol);
    const rows = await eventually("the Delete waits", async () => {
      const found = await query<{ iri: string; state: string; last_error: string; document: string | null }>(
        server.databaseUrl,
        `select iri, state, last_error, document from publications
         left join deliveries on publication_id = publications.id where note_index = $1 order by publications.id`,
        [asset.index],
      );
      return found.length === 2 && found[1]?.state != null ? found : undefined;
    });
    expect(rows[0]).toMatchObject({ state: "refused", document: null });
    expect(rows[0]?.last_error).toContain("withdrawn");
    expect(rows[1]).toMatchObject({ iri: `${asset.post}#delete`, state: "waiting" });
  });

  test("shows in the list of activities as a place where something was", async () => {
    const asset = await register("listed");
    await remove("/assets/listed");
    const { body } = await server.json("GET", "/activities?limit=2");
    expect(body.items.map(({ type }: Json) => type)).toEqual(["Delete", "Tombstone"]);
    expect(body.items[1]).toEqual({ id: asset.activity, type: "Tombstone" });
    const page = await server.request("/activities", { headers: { Accept: "text/html" } });
    expect(page.status).toBe(200);
  });
});

describe("a share", () => {
  test("is an Announce in the log that the sharer's followers receive, once, and its Undo", async () => {
    const own = await openFakeInbox();
    await insertFollower(server.databaseUrl, "bob", own.origin, "friend");
    const asset = await register("shared");
    const shared = await server.json("POST", "/assets/shared/share", undefined, bob);
    expect(shared.status).toBe(201);
    const { activity } = shared.body;
    expect(activity).toMatchObject({
      type: "Announce",
      actor: `${server.origin}/users/bob`,
      object: asset.post,
      to: [everybody],
      cc: [`${server.origin}/users/bob/followers`],
    });
    expect(asObject(activity.proof)?.["cryptosuite"]).toBe("eddsa-jcs-2022");
    expect(await read(activity.id)).toBe(JSON.stringify(activity));
    await eventually("the Announce arrives", async () => own.received.find(({ id }) => id === activity.id));

    const size = await logSize();
    const again = await server.json("POST", "/assets/shared/share", undefined, bob);
    expect([again.status, again.body.activity]).toEqual([200, activity]);
    expect(await logSize()).toBe(size);

    const undone = await remove("/assets/shared/share", bob);
    expect(undone).toMatchObject({
      status: 200,
      body: {
        activity: {
          id: `${server.origin}/activities/${size}`,
          type: "Undo",
          object: { id: activity.id, type: "Announce", object: asset.post, published: activity.published },
        },
      },
    });
    await eventually("the Undo arrives", async () =>
      own.received.find(({ id }) => id === undone.body.activity.id),
    );
    expect((await remove("/assets/shared/share", bob)).status).toBe(404);
    expect((await server.json("POST", "/assets/shared/share", undefined, bob)).status).toBe(201);
  });

  test("of a work that was withdrawn can still be taken back", async () => {
    const asset = await register("gone");
    const { body } = await server.json("POST", "/assets/gone/share", undefined, bob);
    await remove("/assets/gone");
    expect((await server.json("POST", "/shares", { object: asset.post }, bob)).status).toBe(404);
    expect((await remove("/assets/gone/share", bob)).status).toBe(410);
    expect(await remove("/shares", bob, { object: asset.post })).toMatchObject({
      status: 200,
      body: { activity: { type: "Undo", object: { id: body.activity.id } } },
    });
  });

  test("of an asset without a post is refused with the reason, and of none a 404", async () => {
    await register("unposted", { asset_type: "recipe" });
    const refused = await server.json("POST", "/assets/unposted/share", undefined, bob);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("without a post");
    expect((await server.json("POST", "/assets/nothing/share", undefined, bob)).status).toBe(404);
    expect((await server.json("POST", "/assets/unposted/share")).status).toBe(401);
  });

  test("of a remote post goes to the followers and to its author", async () => {
    const author = await openFakeInbox();
    const iri = `${author.origin}/users/dora`;
    const note = `${author.origin}/notes/1`;
    await query(
      server.databaseUrl,
      `with actor as (insert into remote_actors (iri, username, host, inbox) values ($1, 'dora', $2, $3) returning id)
       insert into remote_posts (iri, actor_id, url, content, published, public)
       select iri, actor.id, url, 'x', now(), public from actor,
         (values ($4, $4 || '/page', true), ($4 || '0', null, false)) as post (iri, url, public)`,
      [iri, new URL(author.origin).host, `${iri}/inbox`, note],
    );
    const shared = await server.json("POST", "/shares", { object: `${note}/page` }, alice);
    expect(shared).toMatchObject({ status: 201, body: { activity: { object: note } } });
    const { activity } = shared.body;
    expect(activity.cc).toEqual([`${server.origin}/users/alice/followers`, iri]);
    await delivered(activity.id);
    await eventually("the author receives it", async () =>
      author.received.find(({ id }) => id === activity.id),
    );
    expect((await server.json("POST", "/shares", { object: note }, alice)).status).toBe(200);

    const undone = await remove("/shares", alice, { object: note });
    expect(undone).toMatchObject({ status: 200, body: { activity: { type: "Undo", cc: activity.cc } } });
    await eventually("the author receives the Undo", async () =>
      author.received.find(({ id }) => id === undone.body.activity.id),
    );
    expect((await server.json("POST", "/shares", { object: `${note}0` }, alice)).status).toBe(404);
    expect((await server.json("POST", "/shares", { object: "https://x.example/1" }, alice)).status).toBe(404);
  });

  test("by a form goes back to the page it came from", async () => {
    const asset = await register("by form");
    const send = (fields: Record<string, string>) =>
      server.request("/shares", {
        method: "POST",
        headers: { Accept: "text/html", Authorization: `Bearer ${bob}` },
        body: new URLSearchParams(fields),
      });
    const shared = await send({ object: asset.post, next: "/asset/by%20form" });
    expect([shared.status, shared.headers.get("location")]).toEqual([303, "/asset/by%20form"]);
    const undone = await send({ object: asset.post, undo: "1", next: "//evil.example" });
    expect([undone.status, undone.headers.get("location")]).toEqual([303, "/"]);
    expect((await send({ object: asset.post, undo: "1" })).status).toBe(404);
  });
});

test("the outbox shows a registration once, its changes, its withdrawal, and shares, as what was sent", async () => {
  const erin = await server.register("erin");
  const posted = await register("erins", {}, erin);
  const silent = await register("erins recipe", { asset_type: "recipe" }, erin);
  await patch("erins", { description: "changed" }, erin);
  await server.json("POST", "/assets/erins/share", undefined, erin);
  const types = (items: Json[]) => items.map(({ type, object }) => [type, object.type ?? object]);
  expect(types(await outbox("erin"))).toEqual([
    ["Announce", posted.post],
    ["Update", "Note"],
    ["Create", "Document"],
    ["Create", "Note"],
  ]);
  await remove("/assets/erins", erin);
  const items = await outbox("erin");
  expect(types(items)).toEqual([
    ["Delete", "Tombstone"],
    ["Announce", posted.post],
    ["Create", "Document"],
  ]);
  expect(items[0].object.id).toBe(posted.post);
  // What stands there is what was stored and sent, so that its proof holds.
  const stored = await query<{ document: string }>(
    server.databaseUrl,
    `select coalesce(publications.document, activities.document) as document
     from activities left join publications on activity_index = index
     where activities.user_id = (select id from users where username = 'erin') and activities.document is not null
     order by index desc`,
  );
  expect(items.map((item) => JSON.stringify(item))).toEqual(stored.map(({ document }) => document));
  expect(items[2].id).toBe(silent.activity);
});

test("withdrawals and registrations of one name at once leave it registered once, or burnt", async () => {
  const frank = await server.register("frank");
  await register("raced", {}, frank);
  const answers = await Promise.all([
    remove("/assets/raced", frank),
    remove("/assets/raced", frank),
    patch("raced", { description: "x" }, frank),
    server.json("POST", "/assets", { name: "raced", content_hash: newHash(), asset_type: "image" }, bob),
  ]);
  const statuses = answers.map(({ status }) => status);
  expect(statuses.slice(0, 2).toSorted()).toEqual([200, 410]);
  expect([200, 410]).toContain(statuses[2]);
  expect(statuses[3]).toBe(409);
  expect((await server.request("/assets/raced")).status).toBe(410);
});
