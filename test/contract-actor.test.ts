import { beforeAll, describe, expect, test } from "vitest";
import { actorRows, findSubscribeTemplate, leadsBack, readFeatured } from "./helpers/actor-receivers.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";

const profile = {
  name: "Alice of the Sea",
  summary: "I paint <the> sea.\nAnd ships.\n\nSeldom people.",
  fields: [
    { name: "Site", value: "https://alice.example/" },
    { name: "Pronouns", value: "she" },
  ],
  icon_url: "https://media.example/alice.png",
  image_url: "https://media.example/sea.jpg",
  also_known_as: ["https://old.example/users/alice"],
  moved_to: "https://new.example/users/alice",
};

let server: TestServer;
let alice: Json;

async function read(path: string): Promise<Json> {
  const headers = { Accept: "application/activity+json" };
  const response = await server.request(path, { headers });
  expect(response.headers.get("content-type")).toBe("application/activity+json");
  return await response.json();
}

async function findByWebFinger(resource: string): Promise<Json> {
  const response = await server.request(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`);
  expect([resource, response.status]).toEqual([resource, 200]);
  expect(response.headers.get("content-type")).toBe("application/jrd+json");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  return await response.json();
}

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_user" });
  const token = await server.register("alice");
  await server.json("PATCH", "/users/alice", profile, token);
  for (let n = 1; n <= 7; n++) {
    const work = { name: `sea ${n}`, content_hash: String(n).repeat(64), asset_type: "image" };
    await server.json("POST", "/assets", { ...work, ...(n === 6 ? { post: "unlisted" } : {}) }, token);
  }
  alice = await read("/users/alice");
});

describe("the actor", () => {
  test.each(actorRows)("receivers take $row as it is, and not when it is wrong", async (row) => {
    expect(await row.accepts(structuredClone(alice))).toBe(true);
    const spoilt = structuredClone(alice);
    row.spoil(spoilt);
    expect(await row.accepts(spoilt)).toBe(false);
  });

  test("says in HTML what was written as plain text", () => {
    expect(alice.summary).toBe("<p>I paint &lt;the&gt; sea.<br>And ships.</p><p>Seldom people.</p>");
    expect(alice.attachment).toEqual([
      {
        type: "PropertyValue",
        name: "Site",
        value: '<a href="https://alice.example/" rel="me nofollow noopener">https://alice.example/</a>',
      },
      { type: "PropertyValue", name: "Pronouns", value: "she" },
    ]);
  });

  test("of somebody who said nothing yet has no picture, no field and no successor", async () => {
    await server.register("bob");
    const bob = await read("/users/bob");
    expect(bob).toMatchObject({ name: "bob", summary: "", attachment: [], alsoKnownAs: [] });
    for (const absent of ["icon", "image", "movedTo"]) expect(bob).not.toHaveProperty(absent);
  });

  test("of the server is an Application at /actor that is named like the host", async () => {
    const actor = await read("/actor");
    const { hostname } = new URL(server.origin);
    expect(actor).toMatchObject({
      id: `${server.origin}/actor`,
      type: "Application",
      preferredUsername: hostname,
      publicKey: { id: `${server.origin}/actor#main-key`, owner: `${server.origin}/actor` },
    });
    const jrd = await findByWebFinger(`acct:${hostname}@${new URL(server.origin).host}`);
    expect(leadsBack(actor, jrd)).toBe(true);
    expect(leadsBack(alice, jrd)).toBe(false);
  });
});

test("a user of the server follows another one by the button on the profile", async () => {
  const carol = await server.register("carol");
  const headers = {
    Accept: "text/html",
    Authorization: `Bearer ${carol}`,
    "Content-Type": "application/x-www-form-urlencoded",
  };
  const html = await (await server.request("/users/alice", { headers })).text();
  const uri = /name="uri" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const body = new URLSearchParams({ uri }).toString();
  const followed = await server.request("/authorize_interaction", { method: "POST", headers, body });
  expect([uri, followed.status]).toEqual([alice.id, 303]);
  await eventually("alice has a follower", async () => {
    const { totalItems } = await read("/users/alice/followers");
    return totalItems === 1 ? true : undefined;
  });
});

describe("featured", () => {
  test("shows the last five public posts, whole, to a server that sees the profile for the first time", async () => {
    const collection = await read("/users/alice/featured");
    expect(collection.totalItems).toBe(5);
    expect(readFeatured(alice, collection)).toEqual(
      [6, 4, 3, 2, 1].map((index) => `${server.origin}/notes/${index}`),
    );
    const links = collection.orderedItems.map(({ id }: Json) => id);
    expect(readFeatured(alice, { ...collection, orderedItems: links })).toEqual([]);
    const foreign = { ...alice, id: `${server.origin}/users/bob` };
    expect(readFeatured(foreign, collection)).toEqual([]);
  });

  test("carries each post as it stands at its own address, proof or no proof", async () => {
    const { orderedItems } = await read("/users/alice/featured");
    const note = await read("/notes/4");
    expect(JSON.stringify(orderedItems[1].content)).toBe(JSON.stringify(note.content));
    expect(Object.keys(orderedItems[1]).toSorted()).toEqual(Object.keys(note).toSorted());
  });
});

describe("WebFinger", () => {
  test("comes back to the same actor from what its document says of the name", async () => {
    const { host } = new URL(server.origin);
    const jrd = await findByWebFinger(`acct:${alice.preferredUsername}@${host}`);
    expect(leadsBack(alice, jrd)).toBe(true);
    expect(leadsBack({ ...alice, preferredUsername: "alison" }, jrd)).toBe(false);
  });

  test("has one subject for every spelling of the resource", async () => {
    const { host } = new URL(server.origin);
    const spellings = [
      `acct:alice@${host}`,
      `acct:Alice@${host}`,
      `@ALICE@${host}`,
      `alice@${host.toUpperCase()}`,
      `${server.origin}/users/alice`,
      `${server.origin}/users/ALICE`,
      `${server.origin}/@Alice`,
    ];
    for (const resource of spellings) {
      const { subject, aliases } = await findByWebFinger(resource);
      expect([resource, subject, aliases]).toEqual([resource, `acct:alice@${host}`, [alice.id]]);
    }
  });

  test("names the profile page and where people of this server follow what they see elsewhere", async () => {
    const jrd = await findByWebFinger(`acct:alice@${new URL(server.origin).host}`);
    expect(jrd.links).toContainEqual({ rel: "http://webfinger.net/rel/profile-page", href: alice.url });
    expect(findSubscribeTemplate(jrd)).toBe(`${server.origin}/authorize_interaction?uri={uri}`);
    const others = jrd.links.filter(({ template }: Json) => template == null);
    expect(findSubscribeTemplate({ ...jrd, links: others })).toBeUndefined();
  });

  test.each([
    ["application/xrd+xml", "application/xrd+xml; charset=utf-8", "/.well-known/host-meta"],
    ["*/*", "application/xrd+xml; charset=utf-8", "/.well-known/host-meta"],
    ["application/json", "application/jrd+json", "/.well-known/host-meta"],
    ["application/jrd+json", "application/jrd+json", "/.well-known/host-meta"],
    ["*/*", "application/jrd+json", "/.well-known/host-meta.json"],
  ])("is found by whoever asks host-meta with Accept: %s", async (accept, type, path) => {
    const response = await server.request(path, { headers: { Accept: accept } });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const template = `${server.origin}/.well-known/webfinger?resource={uri}`;
    const json = JSON.stringify({ links: [{ rel: "lrdd", template }] });
    const xml = `<Link rel="lrdd" template="${template}"/>`;
    expect(await response.text()).toContain(type.includes("xml") ? xml : json);
  });
});
