import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";

/** As the Python server's README has it, with a whole hash. */
const work = {
  name: "my-video",
  content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  asset_type: "video",
  tags: ["art", "generated"],
};

/** A hash of its own for every number. */
function hashOf(number: number): string {
  return number.toString(16).padStart(64, "0");
}

function works(...numbers: number[]): string[] {
  return numbers.map((number) => `Work ${number}`);
}

async function connect(server: TestServer): Promise<Client> {
  const client = new Client({ connectionString: server.databaseUrl });
  await client.connect();
  afterAll(() => client.end());
  return client;
}

describe("registering a work", () => {
  let server: TestServer;
  let database: Client;
  let alice: string;
  let bob: string;
  let created: { status: number; body: Json; headers: Headers };

  const create = (body: unknown, token = alice) => server.json("POST", "/assets", body, token);

  beforeAll(async () => {
    server = await startTestServer({ ARTDAG_USER: "root_user" });
    database = await connect(server);
    alice = await server.register("alice");
    bob = await server.register("bob");
    created = await create(work);
  });

  test("answers 201 with the asset, the signed activity and the asset's address", () => {
    const { origin } = server;
    const { asset, activity } = created.body;
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe("/assets/my-video");
    expect(asset).toMatchObject({
      ...work,
      hash_algorithm: "sha3-256",
      owner: "alice",
      index: 0,
      activity: `${origin}/activities/0`,
      object: `${origin}/objects/${work.content_hash}`,
      page: `${origin}/asset/my-video`,
      post: `${origin}/notes/0`,
      contested: false,
      first_claim: null,
      provenance: null,
      sensitive: false,
      metadata: null,
    });
    expect(new Date(asset.created_at).toISOString()).toBe(asset.created_at);
    expect(activity).toMatchObject({
      id: `${origin}/activities/0`,
      type: "Create",
      actor: `${origin}/users/alice`,
      object: {
        id: `${origin}/objects/${work.content_hash}`,
        type: "Video",
        name: "my-video",
        contentHash: { algorithm: "sha3-256", value: work.content_hash },
      },
      proof: { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022" },
    });
    expect(activity).not.toHaveProperty("to");
    expect(activity).not.toHaveProperty("cc");
  });

  test("makes the asset readable by name, in the list, by hash, by index and as a post", async () => {
    const { asset, activity } = created.body;
    expect((await server.json("GET", "/assets/my-video")).body).toEqual(asset);
    expect((await server.json("GET", "/assets?owner=alice&q=my-vid")).body.assets).toEqual([asset]);
    expect((await server.json("GET", "/activities/0")).body).toEqual(activity);
    const object = await server.json("GET", `/objects/${work.content_hash}`);
    expect(object.body).toEqual({ "@context": activity["@context"], ...activity.object });
    for (const spelling of [work.content_hash.toUpperCase(), `sha3-256:${work.content_hash}`]) {
      expect((await server.json("GET", `/objects/${spelling}`)).body).toEqual(object.body);
    }
    const listed = await server.json("GET", "/activities");
    expect(listed.body.items.at(-1)).toEqual(activity);
  });

  test("makes a post whose Note shows the work and names its claim", async () => {
    const { origin } = server;
    const { status, body: note, headers } = await server.json("GET", "/notes/0");
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/activity+json");
    expect(note).toMatchObject({
      id: `${origin}/notes/0`,
      type: "Note",
      attributedTo: `${origin}/users/alice`,
      url: `${origin}/asset/my-video`,
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      cc: [`${origin}/users/alice/followers`],
      claim: `${origin}/activities/0`,
      contentHash: { algorithm: "sha3-256", value: work.content_hash },
      tag: [
        { type: "Hashtag", name: "#art", href: `${origin}/assets?tag=art` },
        { type: "Hashtag", name: "#generated", href: `${origin}/assets?tag=generated` },
      ],
    });
    expect(note.published).toBe(created.body.activity.published);
    expect(note["@context"]).toContain("https://www.w3.org/ns/activitystreams");
    for (const part of ["my-video", "#art", "#generated", `${origin}/asset/my-video`]) {
      expect(note.content).toContain(part);
    }
  });

  test("answers, stores and serves the activity as the same bytes", async () => {
    const body = {
      ...work,
      name: "bytes é 𝄞",
      content_hash: hashOf(99),
      metadata: { z: [1.5, -0, 1e21], 10: "b", 9: "a" },
    };
    const response = await server.request("/assets", {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${alice}` },
    });
    const answer = await response.text();
    const { index } = JSON.parse(answer).asset;
    const served = await (await server.request(`/activities/${index}`)).text();
    expect(answer).toContain(`"activity":${served}`);
    for (const accept of ["application/activity+json", "application/json", "*/*"]) {
      await server.request(`/activities/${index}`, { headers: { Accept: accept } });
    }
    await server.request(`/objects/${hashOf(99)}`);
    await server.request("/users/alice/outbox?cursor=9007199254740991");
    const { rows } = await database.query("select document from activities where index = $1", [index]);
    expect(rows).toEqual([{ document: served }]);
    expect(await (await server.request(`/activities/${index}`)).text()).toBe(served);
  });

  test("refuses a name that is taken, by whomever, and does not take an index for it", async () => {
    const before = (await server.json("GET", "/")).body.activities;
    for (const token of [alice, bob]) {
      const { status, body } = await create({ ...work, content_hash: hashOf(1) }, token);
      expect(status).toBe(409);
      expect(body).toMatchObject({ title: "Conflict", errors: [{ field: "name" }] });
    }
    expect((await server.json("GET", "/")).body.activities).toBe(before);
  });

  test("refuses a hash that its owner has claimed before, and names that asset", async () => {
    const { status, body } = await create({ ...work, name: "again" });
    expect(status).toBe(409);
    expect(body.detail).toContain(`${server.origin}/assets/my-video`);
    expect(body.errors).toEqual([{ field: "content_hash", message: expect.stringContaining("my-video") }]);
    expect((await server.json("GET", "/assets/again")).status).toBe(404);
  });

  test("keeps another user's claim to the same hash, marks it contested and links the first", async () => {
    const { status, body } = await create({ ...work, name: "mine too" }, bob);
    const { index } = body.asset;
    const object = `${server.origin}/objects/${work.content_hash}/${index}`;
    expect(status).toBe(201);
    expect(body.asset).toMatchObject({
      owner: "bob",
      contested: true,
      first_claim: `${server.origin}/activities/0`,
      object,
    });
    expect(body.activity.object.id).toBe(object);

    const later = await server.json("GET", `/objects/${work.content_hash}/${index}`);
    expect(later.body).toMatchObject({
      id: object,
      name: "mine too",
      attributedTo: `${server.origin}/users/bob`,
    });
    const first = await server.json("GET", `/objects/${work.content_hash}`);
    expect(first.body).toMatchObject({ name: "my-video", attributedTo: `${server.origin}/users/alice` });
    expect((await server.json("GET", `/objects/${work.content_hash}/0`)).status).toBe(404);

    const claims = await server.json("GET", `/objects/${work.content_hash}?format=json`);
    expect(claims.body.claims.map(({ name }: Json) => name)).toEqual(["my-video", "mine too"]);
    expect((await server.json("GET", "/assets/my-video")).body).toMatchObject({
      contested: true,
      first_claim: null,
    });
  });

  test("makes posts of media, and of nothing else, unless the artist says otherwise", async () => {
    const expected = {
      image: "posted",
      video: "posted",
      audio: "posted",
      recipe: "none",
      effect: "none",
      infrastructure: "none",
      other: "none",
    };
    const found: Record<string, string> = {};
    for (const [at, asset_type] of Object.keys(expected).entries()) {
      const { body } = await create({
        name: `type ${asset_type}`,
        content_hash: hashOf(200 + at),
        asset_type,
      });
      const note = await server.json("GET", `/notes/${body.asset.index}`);
      expect(note.status).toBe(body.asset.post == null ? 404 : 200);
      found[asset_type] = body.asset.post == null ? "none" : "posted";
    }
    expect(found).toEqual(expected);

    const asked = { name: "asked", content_hash: hashOf(210), asset_type: "effect", post: "unlisted" };
    const { body } = await create(asked);
    const note = await server.json("GET", `/notes/${body.asset.index}`);
    expect(note.body).toMatchObject({
      to: [`${server.origin}/users/alice/followers`],
      cc: ["https://www.w3.org/ns/activitystreams#Public"],
    });
    const silent = await create({
      name: "silent",
      content_hash: hashOf(211),
      asset_type: "image",
      post: "none",
    });
    expect(silent.body.asset.post).toBeNull();
  });

  test("shows in the outbox a post where there is one, and else the claim", async () => {
    const token = await server.register("painter");
    const posted = await create({ name: "out 1", content_hash: hashOf(300), asset_type: "image" }, token);
    const quiet = await create({ name: "out 2", content_hash: hashOf(301), asset_type: "effect" }, token);
    const outbox = await server.json("GET", "/users/painter/outbox");
    expect(outbox.body).toMatchObject({ type: "OrderedCollection", totalItems: 2 });
    const { body: page } = await server.json("GET", outbox.body.first);
    expect(page.orderedItems.map(({ id }: Json) => id)).toEqual([
      quiet.body.asset.activity,
      `${posted.body.asset.post}#create`,
    ]);
    const { "@context": _context, ...claim } = quiet.body.activity;
    expect(page.orderedItems[0]).toMatchObject(claim);
  });

  test("finds one asset under both spellings of its name, composed and decomposed", async () => {
    const name = "Café Ångström";
    const { body } = await create({
      name: name.normalize("NFD"),
      content_hash: hashOf(400),
      asset_type: "image",
    });
    expect(body.asset.name).toBe(name.normalize("NFC"));
    for (const form of ["NFC", "NFD"]) {
      const { status } = await server.json("GET", `/assets/${encodeURIComponent(name.normalize(form))}`);
      expect(status).toBe(200);
      const again = { name: name.normalize(form), content_hash: hashOf(401), asset_type: "image" };
      expect((await create(again)).status).toBe(409);
      const q = encodeURIComponent(name.normalize(form));
      expect((await server.json("GET", `/assets?q=${q}`)).body.total).toBe(1);
    }
  });

  test("of 50 creations of one name at once one succeeds, and the log has no gap", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        create(
          { name: "wanted", content_hash: hashOf(500 + at), asset_type: "image" },
          at % 2 === 0 ? alice : bob,
        ),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(49).fill(409)]);
    const { rows } = await database.query(
      "select count(*)::int as count, min(index)::int as first, max(index)::int + 1 as next from activities",
    );
    const { activities } = (await server.json("GET", "/")).body;
    expect(rows).toEqual([{ count: activities, first: 0, next: activities }]);
  });

  test("keeps whatever text it is given, literally", async () => {
    const texts = [
      "'; drop table assets; --",
      "<script>alert(1)</script>",
      "%_\\ 100%",
      "${7*7} {{7*7}}",
      "é\u202f🎨",
    ];
    for (const [at, text] of texts.entries()) {
      const body = {
        name: text.replaceAll(/[\\/]/g, "|"),
        content_hash: hashOf(600 + at),
        asset_type: "image",
        description: `${text}\r\n${text}`,
        tags: [text],
        metadata: { [text]: text },
      };
      const { status, body: answer } = await create(body);
      expect(status).toBe(201);
      expect(answer.asset).toMatchObject(body);
      expect((await server.json("GET", `/assets/${encodeURIComponent(body.name)}`)).body).toEqual(
        answer.asset,
      );
      const page = await server.request(`/asset/${encodeURIComponent(body.name)}`, {
        headers: { Accept: "text/html" },
      });
      expect(page.status).toBe(200);
      expect(await page.text()).not.toContain("<script>alert");
      const { body: found } = await server.json("GET", `/assets?tag=${encodeURIComponent(text)}`);
      expect(found.total).toBe(1);
    }
  });

  test("T39 a name of 256 characters, 51 tags and 17 KiB of metadata are too much, one less is not", async () => {
    const most = {
      name: "n".repeat(255),
      content_hash: hashOf(700),
      asset_type: "image",
      tags: Array.from({ length: 50 }, (_, at) => `tag ${at}`),
      metadata: { x: "x".repeat(16 * 1024 - '{"x":""}'.length) },
    };
    const tooMuch = {
      ...most,
      name: `${most.name}n`,
      tags: [...most.tags, "t"],
      metadata: { x: `${most.metadata.x}x` },
    };
    const { status, body } = await create(tooMuch);
    expect(status).toBe(422);
    expect(body.errors.map(({ field }: Json) => field)).toEqual(["name", "tags", "metadata"]);
    expect(await create(most)).toMatchObject({ status: 201, body: { asset: most } });
  });

  test("is for users only", async () => {
    const { status, body, headers } = await server.json("POST", "/assets", { ...work, name: "nobody's" });
    expect({ status, title: body.title }).toEqual({ status: 401, title: "Not signed in" });
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });
});

describe("the list of assets", () => {
  let server: TestServer;
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    server = await startTestServer({ ARTDAG_USER: "root_user" });
    alice = await server.register("alice");
    bob = await server.register("bob");
    for (let at = 0; at < 12; at++) {
      const body = {
        name: `Work ${at}`,
        content_hash: hashOf(at),
        asset_type: at % 3 === 0 ? "image" : "effect",
        tags: at % 4 === 0 ? ["sea", "Night"] : ["land"],
        description: at === 7 ? "A needle, 100% of it" : "hay",
      };
      await server.json("POST", "/assets", body, at % 2 === 0 ? alice : bob);
    }
  });

  async function list(query: string): Promise<{ names: string[]; total: number; next: string | null }> {
    const { status, body } = await server.json("GET", `/assets${query}`);
    expect(status).toBe(200);
    return { names: body.assets.map(({ name }: Json) => name), total: body.total, next: body.next };
  }

  test("stands newest first, with the number of all", async () => {
    const { names, total, next } = await list("");
    expect(names).toEqual(works(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    expect({ total, next }).toEqual({ total: 12, next: null });
  });

  test.each<[string, number[]]>([
    ["?owner=bob", [11, 9, 7, 5, 3, 1]],
    ["?owner=BOB&type=image", [9, 3]],
    ["?type=image", [9, 6, 3, 0]],
    ["?tag=sea", [8, 4, 0]],
    ["?tag=%23sea", [8, 4, 0]],
    ["?q=needle", [7]],
    ["?q=NEEDLE,", [7]],
    ["?q=work+1", [11, 10, 1]],
    ["?q=100%25", [7]],
    ["?q=_ork", []],
    ["?q=%25", [7]],
    ["?owner=nobody", []],
    ["?tag=sea&owner=alice&type=image&q=work", [0]],
    ["?owner=&type=&tag=&q=", [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
  ])("%s finds its works and counts them", async (query, expected) => {
    const { names, total, next } = await list(query);
    expect(names).toEqual(works(...expected));
    expect({ total, next }).toEqual({ total: expected.length, next: null });
  });

  test("a page's successor keeps filter and limit", async () => {
    const first = await list("?type=effect&limit=3");
    expect(first.names).toEqual(works(11, 10, 8));
    expect(first.total).toBe(8);
    const second = await list(String(first.next).replace("/assets", ""));
    expect(second.names).toEqual(works(7, 5, 4));
    const third = await list(String(second.next).replace("/assets", ""));
    expect(third.names).toEqual(works(2, 1));
    expect(third.next).toBeNull();
  });

  test("is walked once over everything, with no gap, while new works arrive", async () => {
    const seen: string[] = [];
    let path: string | null = "?limit=5";
    for (let at = 0; path != null; at++) {
      const page: { names: string[]; next: string | null } = await list(path);
      seen.push(...page.names);
      path = page.next == null ? null : page.next.replace("/assets", "");
      const late = { name: `Late ${at}`, content_hash: hashOf(1000 + at), asset_type: "other" };
      expect((await server.json("POST", "/assets", late, alice)).status).toBe(201);
    }
    expect(seen).toEqual(works(11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  });

  test("stands as a page too, with the way to the next one", async () => {
    const response = await server.request("/assets?limit=2&q=work", { headers: { Accept: "text/html" } });
    const html = await response.text();
    expect(html).toContain("Work 11");
    expect(html).not.toContain("Work 9");
    expect(html).toMatch(/href="\/assets\?limit=2&amp;q=work&amp;cursor=\d+"/);
  });

  test("users and activities are listed and walked alike", async () => {
    for (const [path, count] of [
      ["/users", 3],
      ["/activities", (await server.json("GET", "/")).body.activities],
    ]) {
      const ids: string[] = [];
      let next: string | null = `${path}?limit=2`;
      while (next != null) {
        const { body }: { body: Json } = await server.json("GET", next);
        expect(body.total).toBe(count);
        ids.push(...body.items.map((item: Json) => item.id ?? item.actor));
        next = body.next;
      }
      expect(ids).toHaveLength(count);
      expect(new Set(ids).size).toBe(count);
    }
  });
});
