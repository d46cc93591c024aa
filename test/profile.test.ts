import { beforeAll, describe, expect, test } from "vitest";
import { describePerson, startGuardedServer, createWorld, settle } from "./helpers/remotes.ts";
import type { GuardedServer, Person, Remote } from "./helpers/remotes.ts";
import { eventually, type Json } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const world = createWorld();
const page = "text/html";
const form = "application/x-www-form-urlencoded";
const hash = (digit: string) => digit.repeat(64);

let server: GuardedServer;
let good: Remote;
let fan: Person;
let alice: string;
let bob: string;

beforeAll(async () => {
  good = await world.open("good.test");
  server = await startGuardedServer(world, { ARTDAG_USER: "root_user" });
  alice = await server.register("alice");
  bob = await server.register("bob");
  fan = await settle(good, "fan", 0, { name: "A <fan>" });
  const follow = {
    id: `${fan.id}#follow`,
    type: "Follow",
    actor: fan.id,
    object: "https://l2.test/users/alice",
  };
  await server.deliver(fan, follow);
  await eventually("the follow is stored", async () => {
    const { body } = await server.json("GET", "/users/alice/followers");
    return body.totalItems === 1 ? true : undefined;
  });
});

function send(method: string, path: string, token: string | undefined, values?: Record<string, string>) {
  const headers: Record<string, string> = { Accept: page };
  if (token != null) headers["Authorization"] = `Bearer ${token}`;
  if (values != null) headers["Content-Type"] = form;
  const body = values == null ? null : new URLSearchParams(values).toString();
  return server.request(path, { method, headers, body });
}

/** What was delivered to the fan, of one type, as documents. */
function listDelivered(type: string): Json[] {
  return good.requests
    .filter(({ line }) => line === "POST https://good.test/users/fan/inbox")
    .map(({ body }) => JSON.parse(body))
    .filter((activity) => activity.type === type);
}

async function countUpdates(): Promise<number> {
  const [row] = await query<{ count: string }>(
    server.databaseUrl,
    'select count(*) from publications where document like \'%"type":"Update"%\'',
  );
  return Number(row?.count);
}

describe("the profile", () => {
  test("can be changed by its owner, and followers are sent the whole actor as it is served", async () => {
    const change = {
      name: "Alice",
      summary: "Paints.",
      fields: [{ name: "Site", value: "https://a.test/" }],
    };
    const { status, body } = await server.json("PATCH", "/users/alice", change, alice);
    expect(status).toBe(200);
    expect(body).toMatchObject({ username: "alice", ...change, icon_url: null, also_known_as: [] });
    const update = await eventually("the fan gets the Update", async () => listDelivered("Update")[0]);
    const actor = await (
      await server.request("/users/alice", { headers: { Accept: "application/activity+json" } })
    ).json();
    expect(update.id).toMatch(/^https:\/\/l2\.test\/users\/alice#updates\//);
    expect(update).toMatchObject({
      actor: actor.id,
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      cc: ["https://l2.test/users/alice/followers"],
    });
    const { updated, ...embedded } = update.object;
    expect({ "@context": update["@context"], ...embedded }).toEqual(actor);
    expect(updated).toMatch(/Z$/);
    const [row] = await query<{ document: string }>(
      server.databaseUrl,
      "select document from publications where iri = $1",
      [update.id],
    );
    expect(good.requests.some(({ body: bytes }) => bytes === row?.document)).toBe(true);
  });

  test("sends no Update where nothing changes", async () => {
    const before = await countUpdates();
    const change = { name: " Alice ", summary: "Paints.\r\n" };
    expect((await server.json("PATCH", "/users/alice", change, alice)).status).toBe(200);
    expect((await server.json("PATCH", "/users/alice", {}, alice)).status).toBe(200);
    expect(await countUpdates()).toBe(before);
    await server.json("PATCH", "/users/alice", { name: "Alice B." }, alice);
    expect(await countUpdates()).toBe(before + 1);
  });

  test("keeps both of two changes that are made at once", async () => {
    await Promise.all([
      server.json("PATCH", "/users/alice", { name: "Both" }, alice),
      server.json("PATCH", "/users/alice", { summary: "Changes." }, alice),
    ]);
    const { body } = await server.json("GET", "/settings", undefined, alice);
    expect(body).toMatchObject({ name: "Both", summary: "Changes." });
  });

  test("is cleared by null and by blanks", async () => {
    await server.json(
      "PATCH",
      "/users/alice",
      { icon_url: "https://a.test/i.png", moved_to: "https://b.test/u" },
      alice,
    );
    const change = { icon_url: null, moved_to: "", name: " ", fields: null };
    const { body } = await server.json("PATCH", "/users/alice", change, alice);
    expect(body).toMatchObject({ icon_url: null, moved_to: null, name: null, fields: [] });
  });

  test("is changed by nobody else", async () => {
    expect((await server.json("PATCH", "/users/alice", { name: "Bob" }, bob)).status).toBe(403);
    expect((await server.json("PATCH", "/users/alice", { name: "Bob" })).status).toBe(401);
    const { body } = await server.json("GET", "/settings", undefined, alice);
    expect(body.name).not.toBe("Bob");
  });

  test.each([
    ["name", { name: "x".repeat(101) }],
    ["name", { name: "a\nb" }],
    ["summary", { summary: "x".repeat(2001) }],
    ["fields", { fields: Array.from({ length: 9 }, () => ({ name: "a", value: "b" })) }],
    ["fields.0.value", { fields: [{ name: "a", value: " " }] }],
    ["icon_url", { icon_url: "javascript:alert(1)" }],
    ["image_url", { image_url: "https://user:pass@a.test/" }],
    ["also_known_as.0", { also_known_as: ["@alice@old.test"] }],
  ])("refuses a wrong %s", async (field, change) => {
    const { status, body } = await server.json("PATCH", "/users/alice", change, alice);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });

  test("shows what is said as text, and addresses as links that say me", async () => {
    const change = {
      name: "<b>Al</b>",
      summary: "<script>alert(1)</script>",
      fields: [{ name: "Site", value: "see https://a.test/?x=1&y=2, or javascript:alert(1)" }],
    };
    await server.json("PATCH", "/users/bob", change, bob);
    const html = await (await send("GET", "/users/bob", undefined)).text();
    expect(html).toContain("&lt;b&gt;Al&lt;/b&gt;");
    expect(html).not.toContain("<script>alert");
    expect(html).toContain(
      'see <a href="https://a.test/?x=1&amp;y=2" rel="me nofollow noopener">https://a.test/?x=1&amp;y=2</a>, or javascript:',
    );
  });

  test("has a form, which shows what it is and saves what is typed", async () => {
    expect((await send("GET", "/settings", undefined)).headers.get("location")).toBe(
      "/login?next=%2Fsettings",
    );
    const values = {
      name: "By form",
      summary: "Line one\r\nline two",
      field2_name: "Site",
      field2_value: "https://a.test/",
      also_known_as: "https://old.test/users/alice\r\nhttps://older.test/users/alice\r\n",
    };
    const saved = await send("POST", "/settings", alice, values);
    expect([saved.status, saved.headers.get("location")]).toEqual([303, "/users/alice"]);
    const { body } = await server.json("GET", "/settings", undefined, alice);
    expect(body).toMatchObject({
      name: "By form",
      summary: "Line one\nline two",
      fields: [{ name: "Site", value: "https://a.test/" }],
      also_known_as: ["https://old.test/users/alice", "https://older.test/users/alice"],
    });
    const html = await (await send("GET", "/settings", alice)).text();
    expect(html).toContain('value="By form"');
    expect(html).toContain('name="field1_value" type="text" value="https://a.test/"');
    const wrong = await send("POST", "/settings", alice, { ...values, icon_url: "ftp://a.test/" });
    expect(wrong.status).toBe(422);
    expect(await wrong.text()).toContain("must be an http or https URL");
  });
});

describe("featured posts", () => {
  const notes = async () => {
    const { body } = await server.json("GET", "/users/alice/featured");
    return [body.orderedItems ?? []].flat().map(({ id }: Json) => Number(id.split("/").at(-1)));
  };

  test("are those that the artist pins, at most five, and else the last", async () => {
    for (let n = 0; n < 7; n++) {
      const work = { name: `w${n}`, content_hash: hash(String(n)), asset_type: n === 6 ? "effect" : "image" };
      expect((await server.json("POST", "/assets", work, alice)).status).toBe(201);
    }
    expect(await notes()).toEqual([5, 4, 3, 2, 1]);
    const pin = async (name: string, token = alice) =>
      (await server.json("PUT", `/assets/${name}/pin`, undefined, token)).status;
    expect([await pin("w0"), await pin("w3"), await pin("w0")]).toEqual([204, 204, 204]);
    expect(await notes()).toEqual([3, 0]);
    expect([await pin("w6"), await pin("w1", bob), await pin("nothing")]).toEqual([409, 404, 404]);
    for (const name of ["w1", "w2", "w4"]) expect(await pin(name)).toBe(204);
    expect(await pin("w5")).toBe(409);
    expect((await server.json("DELETE", "/assets/w3/pin", undefined, bob)).status).toBe(404);
    expect((await server.json("DELETE", "/assets/w3/pin", undefined, alice)).status).toBe(204);
    expect(await notes()).toEqual([4, 2, 1, 0]);
  });

  test("can be chosen on the settings page", async () => {
    const added = await send("POST", "/settings/pins", alice, { pin: "w5" });
    expect([added.status, added.headers.get("location")]).toEqual([303, "/settings#featured"]);
    const removed = await send("POST", "/settings/pins", alice, { unpin: "w1" });
    expect(removed.status).toBe(303);
    expect(await notes()).toEqual([5, 4, 2, 0]);
    const refused = await send("POST", "/settings/pins", alice, { pin: "w6" });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("no post that a profile could feature");
  });

  test("show a work as it was last described", async () => {
    await server.json("PATCH", "/assets/w5", { description: "Described anew" }, alice);
    const { body } = await server.json("GET", "/users/alice/featured");
    expect(body.orderedItems[0].content).toContain("Described anew");
  });
});

describe("following from one's own server", () => {
  const jrd = (links: object[]) => (_request: unknown, response: Json) =>
    response.writeHead(200, { "Content-Type": "application/jrd+json" }).end(JSON.stringify({ links }));
  const webfinger = (name: string) =>
    `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@good.test`)}`;
  const ask = (handle: string) => server.json("GET", `/follow?of=alice&handle=${encodeURIComponent(handle)}`);
  const target = encodeURIComponent("https://l2.test/users/alice");

  test("leads to the subscribe template of the visitor's server, by a link", async () => {
    const rel = "http://ostatus.org/schema/1.0/subscribe";
    good.documents.set(
      webfinger("me"),
      jrd([{ rel, template: "https://social.good.test/follow?acct={uri}" }]),
    );
    const { body } = await ask("@me@good.test");
    expect(body).toEqual({ url: `https://social.good.test/follow?acct=${target}` });
    const html = await (await send("GET", "/follow?of=alice&handle=me@good.test", undefined)).text();
    expect(html).toContain(`href="https://social.good.test/follow?acct=${target}"`);
  });

  test("leads to the post of a work as well, and from the work's page there", async () => {
    const page = await (await send("GET", "/asset/w0", undefined)).text();
    expect(page).toContain('href="/follow?of=alice&amp;work=w0"');
    const form = await (await send("GET", "/follow?of=alice&work=w0", undefined)).text();
    expect(form).toContain('name="work" value="w0"');
    const { post } = (await server.json("GET", "/assets/w0")).body;
    const { body } = await server.json("GET", "/follow?of=alice&work=w0&handle=me@good.test");
    expect(body.url).toBe(`https://social.good.test/follow?acct=${encodeURIComponent(post)}`);
    for (const work of ["nothing", "%00"]) {
      expect((await server.json("GET", `/follow?of=alice&work=${work}`)).status, work).toBe(404);
    }
  });

  test("leads to the usual address where the server names none that can be used", async () => {
    const rel = "http://ostatus.org/schema/1.0/subscribe";
    const templates = ["javascript:alert('{uri}')", "http://good.test/?{uri}", "https://good.test/", "{uri}"];
    good.documents.set(
      webfinger("old"),
      jrd([{ rel: "self" }, ...templates.map((template) => ({ rel, template }))]),
    );
    const { body } = await ask("old@good.test");
    expect(body).toEqual({ url: `https://good.test/authorize_interaction?uri=${target}` });
  });

  test.each([
    ["nonsense", "must be your own handle"],
    ["@nobody@good.test", "knows no user"],
    ["@me@nowhere.test", "cannot be asked"],
    ["@me@127.0.0.1", "cannot be asked"],
    ["", "must not be blank"],
  ])("says what is wrong with the handle %j", async (handle, message) => {
    const { status, body } = await ask(handle);
    expect([status, body.errors[0].field]).toEqual([422, "handle"]);
    expect(body.errors[0].message).toContain(message);
    const shown = await send("GET", `/follow?of=alice&handle=${encodeURIComponent(handle)}`, undefined);
    expect(shown.status).toBe(422);
    expect(await shown.text()).toContain("This needs your attention");
  });

  test("asks no server more than thirty times a minute", async () => {
    const messages = [];
    for (let n = 0; n < 31; n++) messages.push((await ask("@x@busy.test")).body.errors[0].message);
    expect(messages.filter((message) => message.includes("cannot be asked"))).toHaveLength(30);
    expect(messages.at(-1)).toContain("busy.test was asked too often");
  });

  test("starts on the pages of profiles and works, and nowhere for strangers", async () => {
    for (const path of ["/users/alice", "/asset/w0", "/follow?of=alice"]) {
      const html = await (await send("GET", path, undefined)).text();
      expect(html).toContain('action="/follow"');
    }
    expect((await ask("@me@good.test")).status).toBe(200);
    expect((await server.json("GET", "/follow?of=nobody&handle=@me@good.test")).status).toBe(404);
  });
});

describe("/authorize_interaction", () => {
  const visit = (uri: string, token?: string) =>
    send("GET", `/authorize_interaction?uri=${encodeURIComponent(uri)}`, token);

  beforeAll(async () => {
    const other = await settle(await world.open("other.test"), "other");
    const note = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: "https://good.test/notes/1",
      type: "Note",
      attributedTo: fan.id,
      content: "<p>Hello<script>alert(1)</script></p>",
    };
    good.documents.set("/notes/1", note);
    good.documents.set("/notes/2", {
      ...note,
      id: "https://good.test/notes/2",
      attributedTo: other.id,
    });
    good.documents.set("/users/nobody", {
      ...describePerson("https://good.test/users/nobody", ""),
      inbox: null,
    });
  });

  test("asks who it is, and comes back", async () => {
    const asked = await visit("https://good.test/users/fan?it's=(me)*");
    expect(asked.status).toBe(303);
    const next = new URL(asked.headers.get("location") ?? "", server.origin).searchParams.get("next");
    const login = await send("GET", asked.headers.get("location") ?? "", undefined);
    expect(await login.text()).toContain(`name="next" value="${next}"`);
    expect(new URL(next ?? "", server.origin).searchParams.get("uri")).toBe(
      "https://good.test/users/fan?it's=(me)*",
    );
  });

  test("shows an actor or a post, and follows only when it is told to", async () => {
    const before = good.requests.length;
    const profile = await (await visit(fan.id, bob)).text();
    expect(profile).toContain("A &lt;fan&gt;");
    const post = await (await visit("https://good.test/notes/1", bob)).text();
    expect(post).toContain("<p>Hello</p>");
    expect(good.requests.slice(before).filter(({ line }) => line.startsWith("POST"))).toEqual([]);

    const followed = await send("POST", "/authorize_interaction", bob, { uri: fan.id });
    expect([followed.status, followed.headers.get("location")]).toEqual([303, "/home"]);
    const [follow] = await eventually("the fan is asked", async () => {
      const found = listDelivered("Follow");
      return found.length > 0 ? found : undefined;
    });
    expect(follow).toMatchObject({ actor: "https://l2.test/users/bob", object: fan.id });
    expect(await (await visit(fan.id, bob)).text()).toContain("You have asked to follow @fan@good.test");
  });

  test.each([
    ["a post by somebody of another server", "https://good.test/notes/2"],
    ["an actor without an inbox", "https://good.test/users/nobody"],
    ["nothing", "https://good.test/nothing"],
    ["a private address", "http://127.0.0.1/users/x"],
    ["nonsense", "nonsense"],
  ])("finds nothing where there is %s", async (_what, uri) => {
    expect((await visit(uri, bob)).status).toBe(404);
    expect((await send("POST", "/authorize_interaction", bob, { uri })).status).toBe(404);
  });

  test.each([
    ["https://l2.test/users/alice", "/users/alice"],
    ["acct:Alice@l2.test", "/users/alice"],
    ["https://l2.test/notes/0", "/notes/0"],
    ["https://l2.test//evil.test/", "/evil.test/"],
  ])("leads to the own page of %s", async (uri, path) => {
    const { status, headers } = await visit(uri, bob);
    expect([status, headers.get("location")]).toEqual([303, path]);
  });

  test("wants to be told what", async () => {
    expect((await send("GET", "/authorize_interaction", bob)).status).toBe(422);
  });
});
