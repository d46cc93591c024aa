import { signRequest } from "@fedify/fedify";
import { beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { openResources } from "../src/resources.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { makePng } from "./helpers/images.ts";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import {
  eventually,
  findFreePort,
  type Json,
  makeTemporaryDirectory,
  startTestServer,
  type TestServer,
} from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";
import { createVisitor } from "./helpers/visitor.ts";
import { hashOf } from "./helpers/works.ts";

const password = "correct horse battery";

let a: TestServer;
let b: TestServer;
beforeAll(async () => {
  a = await startTestServer();
  b = await startTestServer({ ARTDAG_USER: "bob" });
});
killLeftovers();

const logIn = async (server: TestServer, username: string, secret = password) =>
  (await server.json("POST", "/auth/login", { username, password: secret })).body.access_token as string;
const register = async (token: string, name: string) => {
  const body = { name, content_hash: hashOf(name), asset_type: "image", description: `About ${name}` };
  return await a.json("POST", "/assets", body, token);
};
const waitUntilErased = (url: string, username: string, limit?: number) =>
  eventually(
    `${username} is erased`,
    async () => {
      const sql = "select 1 from users where username = $1 and erased is not null";
      return (await query(url, sql, [username])).length > 0 ? true : undefined;
    },
    limit,
  );
const follow = async (follower: TestServer, token: string, username: string, handle: string) => {
  await follower.json("POST", `/users/${username}/following`, { handle }, token);
  await eventually(`${username} follows ${handle}`, async () => {
    const sql = `select 1 from following join remote_actors on remote_actors.id = actor_id
      join users on users.id = user_id where iri = $1 and users.username = $2 and accepted is not null`;
    return (await query(follower.databaseUrl, sql, [handle, username])).length > 0 ? true : undefined;
  });
};

describe("the export", () => {
  let carol: string;
  let all: Json;
  let disposition: string | null;

  beforeAll(async () => {
    carol = await a.register("carol");
    const bob = await logIn(b, "bob", b.password);
    await a.json("PATCH", "/users/carol", { name: "Carol C.", summary: "I paint." }, carol);
    for (let count = 0; count < 120; count++) await register(carol, `work ${count}`);
    await a.json("PATCH", "/assets/work%207", { description: "Ünïcode “quoted” \\ \u2028" }, carol);
    await follow(b, bob, "bob", `${a.origin}/users/carol`);
    await follow(a, carol, "carol", `${b.origin}/users/bob`);
    await a.json("POST", "/settings/blocks", { kind: "domain", target: "evil.test" }, carol);
    const alice = await logIn(a, "alice", a.password);
    const { body } = await a.json(
      "POST",
      "/assets",
      { name: "alices", content_hash: hashOf("alices"), asset_type: "image" },
      alice,
    );
    await a.json("POST", "/assets/alices/share", {}, carol);
    await a.json("POST", "/reactions", { type: "like", object: body.asset.post }, carol);
    const headers = { Authorization: `Bearer ${carol}` };
    const response = await a.request("/settings/export", { headers });
    disposition = response.headers.get("content-disposition");
    all = await response.json();
  });

  test("has the signed documents byte for byte as they are stored, of every work", async () => {
    expect(all).toMatchObject({ format: "artdag-export", version: 1, origin: a.origin });
    expect(all.assets).toHaveLength(120);
    const stored = await query<{ document: string; type: string }>(
      a.databaseUrl,
      `select document, type from activities join users on users.id = user_id
       where username = 'carol' and type in ('Create', 'Update') order by index`,
    );
    const claims = all.assets.map(({ claim }: Json) => claim).toReversed();
    expect(claims).toEqual(stored.filter(({ type }) => type === "Create").map(({ document }) => document));
    const updates = all.assets.flatMap((asset: Json) => asset.updates);
    expect(updates).toEqual(stored.filter(({ type }) => type === "Update").map(({ document }) => document));
    expect(updates).toHaveLength(1);
    const posts = await query<{ document: string }>(
      a.databaseUrl,
      `select document from publications join users on users.id = user_id
       where username = 'carol' and note_index is not null order by note_index desc, activity_index`,
    );
    expect(all.assets.flatMap((asset: Json) => asset.posts)).toEqual(posts.map(({ document }) => document));
    expect(posts).toHaveLength(121);
    const changed = all.assets.find(({ asset }: Json) => asset.name === "work 7");
    const { body } = await a.json("GET", "/assets/work%207");
    expect(changed.asset).toEqual(body);
    expect([changed.updates.length, changed.posts.length]).toEqual([1, 2]);
  });

  test("has the profile, relations, blocks, shares and likes", () => {
    expect(disposition).toMatch(/^attachment; filename="artdag-carol-\d{4}-\d\d-\d\d\.json"$/);
    expect(all.profile).toMatchObject({ username: "carol", name: "Carol C.", summary: "I paint." });
    const bob = { actor: `${b.origin}/users/bob`, handle: `@bob@${new URL(b.origin).host}` };
    expect(all.followers).toEqual([expect.objectContaining(bob)]);
    expect(all.following).toEqual([
      expect.objectContaining({ ...bob, accepted_at: expect.stringMatching(/Z$/) }),
    ]);
    expect(all.blocks).toEqual([expect.objectContaining({ kind: "domain", target: "evil.test" })]);
    expect(all.shares.map(({ activity }: Json) => JSON.parse(activity).type)).toEqual(["Announce"]);
    expect(all.likes).toHaveLength(1);
    expect(all.replies).toEqual([]);
  });

  test("of whom one follows is a file that Mastodon imports", async () => {
    const headers = { Authorization: `Bearer ${carol}` };
    const response = await a.request("/settings/following.csv", { headers });
    expect(await response.text()).toBe(
      `Account address,Show boosts,Notify on new posts,Languages\nbob@${new URL(b.origin).host},true,false,\n`,
    );
  });

  test("is one's own alone, and the page about it leads to it", async () => {
    expect((await a.json("GET", "/settings/export")).status).toBe(401);
    expect((await a.json("GET", "/settings/following.csv")).status).toBe(401);
    const visitor = createVisitor(a);
    expect((await visitor.open("/settings/data")).headers.get("location")).toMatch(/^\/login\?next=/);
    await visitor.submit("/login", { username: "carol", password });
    const page = await (await visitor.open("/settings/data")).text();
    expect(page).toContain('href="/settings/export"');
    expect(page).toMatch(/aria-current="page"[^>]*>Your data|href="\/settings\/data" aria-current="page"/);
    for (const path of ["", "/password", "/sign-ins", "/sessions", "/blocks", "/delete"]) {
      const text = await (await visitor.open(`/settings${path}`)).text();
      expect(text, path).toContain('aria-label="Settings"');
      expect(text.split('class="settings-nav"')[1]?.split("</nav>")[0], path).toContain("aria-current");
    }
  });
});

const listMedia = () => query(a.databaseUrl, "select hash from media");
/** Sends an activity of bob's to an inbox of the first server, signed by him. */
const sendAsBob = async (inbox: string, activity: object) => {
  const { rsa } = await b.resources.federationContext.keys.get("bob");
  const request = new Request(inbox, {
    method: "POST",
    headers: { "Content-Type": "application/activity+json" },
    body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...activity }),
  });
  return await fetch(await signRequest(request, rsa.privateKey, new URL(`${b.origin}/users/bob#main-key`)));
};

describe("deleting an account", () => {
  test("makes another server forget the actor and the posts, and leaves nothing private behind", async () => {
    const mail = "dora.private@mail.example";
    await a.json("POST", "/auth/register", { username: "dora", password, email: mail });
    const dora = await logIn(a, "dora");
    const profile = { name: "Dora Geheimname", summary: "Lebt in Hinterunterstadt." };
    await a.json(
      "PATCH",
      "/users/dora",
      { ...profile, icon_url: "https://pics.example/dora-face.png" },
      dora,
    );
    const bob = await logIn(b, "bob", b.password);
    await follow(b, bob, "bob", `${a.origin}/users/dora`);
    await register(dora, "doras work");
    await a.request("/assets/doras%20work/preview", {
      method: "PUT",
      headers: { Authorization: `Bearer ${dora}`, "Content-Type": "image/png" },
      body: new Uint8Array(makePng()),
    });
    expect(await listMedia()).toHaveLength(1);
    await a.json("PATCH", "/users/dora", { fields: [{ name: "Phone", value: "0815-4711" }] }, dora);
    await a.json("POST", "/settings/blocks", { kind: "domain", target: "doras-foe.test" }, dora);
    await follow(a, dora, "dora", `${b.origin}/users/bob`);
    const actor = `${a.origin}/users/dora`;
    await eventually("bob sees the work", async () => {
      const { body } = await b.json("GET", "/home", undefined, bob);
      return body.posts.some((post: Json) => post.actor === actor) ? true : undefined;
    });

    const refused = await a.json("DELETE", "/users/dora", { password: "wrong" }, dora);
    expect([refused.status, refused.body.errors[0].field]).toEqual([403, "password"]);
    expect((await a.json("GET", "/users/dora")).status).toBe(200);
    const gone = await a.json("DELETE", "/users/dora", { password }, dora);
    expect(gone).toMatchObject({ status: 202, body: { username: "dora", state: "deleting" } });
    await waitUntilErased(a.databaseUrl, "dora");

    await eventually("the other server has forgotten", async () => {
      const [row] = await query<{ followers: number; following: number; posts: number }>(
        b.databaseUrl,
        `select (select count(*)::int from followers f join remote_actors r on r.id = f.actor_id where iri = $1) as followers,
          (select count(*)::int from following f join remote_actors r on r.id = f.actor_id where iri = $1) as following,
          (select count(*)::int from remote_posts p join remote_actors r on r.id = p.actor_id where r.iri = $1) as posts`,
        [actor],
      );
      return row?.followers === 0 && row.following === 0 && row.posts === 0 ? true : undefined;
    });
    expect(
      await eventually("the preview is gone", async () =>
        (await listMedia()).length === 0 ? true : undefined,
      ),
    ).toBe(true);
    const text = await dump(a.databaseUrl);
    const secrets = [mail, ...Object.values(profile), "dora-face", "0815-4711", "doras-foe", "doras work"];
    for (const secret of secrets) expect(text.includes(secret), secret).toBe(false);
    const sent = await query<{ document: string; state: string }>(
      a.databaseUrl,
      `select document, state from publications p join deliveries d on d.publication_id = p.id
       where iri = $1`,
      [`${actor}#delete`],
    );
    expect(sent.map(({ state }) => state)).toEqual(["delivered"]);
    expect(JSON.parse(sent[0]?.document ?? "")).toEqual({
      "@context": "https://www.w3.org/ns/activitystreams",
      id: `${actor}#delete`,
      type: "Delete",
      actor,
      object: actor,
      to: ["https://www.w3.org/ns/activitystreams#Public"],
    });
  });

  test("leaves 410 behind wherever the account was, and a name that nobody gets again", async () => {
    for (const path of ["", "/outbox", "/followers", "/following", "/featured", "/feed.atom", "/nothing"]) {
      for (const accept of ["text/html", "application/activity+json", "application/json"]) {
        const { status } = await a.request(`/users/dora${path}`, { headers: { Accept: accept } });
        expect({ path, accept, status }).toEqual({ path, accept, status: 410 });
      }
    }
    const page = await a.request("/users/dora", { headers: { Accept: "text/html" } });
    expect(await page.text()).toContain("This account was deleted.");
    const resource = `acct:dora@${new URL(a.origin).host}`;
    const found = await a.request(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`);
    expect(found.status).toBe(404);
    expect((await a.json("GET", "/assets/doras%20work")).status).toBe(410);
    const again = await a.json("POST", "/auth/register", { username: "dora", password });
    expect([again.status, again.body.errors[0].field]).toEqual([409, "username"]);
    expect((await a.json("POST", "/auth/login", { username: "dora", password })).status).toBe(401);
    const { body } = await a.json("GET", "/users");
    expect(body.items.map(({ username }: Json) => username)).not.toContain("dora");
    const alice = await logIn(a, "alice", a.password);
    expect((await a.json("POST", "/admin/users/dora/suspend", {}, alice)).status).toBe(404);
  });

  test("closes the inbox, and leaves the inboxes of others open", async () => {
    const actor = `${b.origin}/users/bob`;
    const followOf = (username: string) => {
      const object = `${a.origin}/users/${username}`;
      return { id: `${actor}#follows/${username}`, type: "Follow", actor, object };
    };
    const response = await sendAsBob(`${a.origin}/users/dora/inbox`, followOf("dora"));
    expect([response.status, (await response.json()).detail]).toEqual([410, "This account was deleted."]);
    expect((await sendAsBob(`${a.origin}/inbox`, followOf("dora"))).status).toBe(202);
    expect((await sendAsBob(`${a.origin}/users/alice/inbox`, followOf("alice"))).status).toBe(202);
    await eventually("alice has a follower", async () => {
      const { body } = await a.json("GET", "/users/alice/followers");
      return body.totalItems > 0 ? true : undefined;
    });
    const [row] = await query(
      a.databaseUrl,
      "select count(*)::int as count from followers join users on users.id = user_id where username = 'dora'",
    );
    expect(row).toEqual({ count: 0 });
  });

  test("is believed by a server that has forgotten the key, since the actor is gone, and reaches whom it followed", async () => {
    const hans = await a.register("hans");
    const actor = `${a.origin}/users/hans`;
    await follow(a, hans, "hans", `${b.origin}/users/bob`);
    const countFollowers = async () => {
      const sql = `select count(*)::int as count from followers
        join remote_actors on remote_actors.id = actor_id where iri = $1`;
      return (await query<{ count: number }>(b.databaseUrl, sql, [actor]))[0]?.count;
    };
    expect(await countFollowers()).toBe(1);
    const bogus = { id: `${actor}#no`, type: "Delete", actor, object: actor };
    await query(b.databaseUrl, "delete from fedify_kv_v2");
    const { rsa } = await b.resources.federationContext.keys.get("bob");
    const forged = new Request(`${b.origin}/inbox`, {
      method: "POST",
      headers: { "Content-Type": "application/activity+json" },
      body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...bogus }),
    });
    // That somebody else of that server is gone says nothing of him.
    for (const key of [`${actor}#main-key`, `${a.origin}/users/dora#main-key`, `${actor}-nobody#main-key`]) {
      const signed = await signRequest(forged.clone(), rsa.privateKey, new URL(key));
      expect([202, 401]).toContain((await fetch(signed)).status);
      expect(await countFollowers(), key).toBe(1);
    }
    await query(b.databaseUrl, "delete from fedify_kv_v2");
    expect((await a.json("DELETE", "/users/hans", { password }, hans)).status).toBe(202);
    await eventually("bob has lost him", async () => ((await countFollowers()) === 0 ? true : undefined));
  });

  test("of a name keeps the server from being started with it as the administrator's", async () => {
    const config = loadConfig({
      DATABASE_URL: a.databaseUrl,
      ARTDAG_DATA: a.dataDirectory,
      ARTDAG_ORIGIN: a.origin,
      ARTDAG_USER: "dora",
    });
    await expect(openResources(config)).rejects.toThrow("set ARTDAG_USER to another name");
  });

  test("by its page asks for name and password, ends the session, and says that it is done", async () => {
    await a.register("erna");
    const visitor = createVisitor(a);
    await visitor.submit("/login", { username: "erna", password });
    const page = await (await visitor.open("/settings/delete")).text();
    expect(page).toContain("This cannot be undone");
    const misnamed = await visitor.submit("/settings/delete", { username: "ernie", password });
    expect(misnamed.status).toBe(403);
    expect(await misnamed.text()).toContain("Is not yours");
    expect((await visitor.submit("/settings/delete", { username: "erna", password: "no" })).status).toBe(403);
    expect((await visitor.open("/settings")).status).toBe(200);
    const done = await visitor.submit("/settings/delete", { username: "erna", password });
    expect(done.status).toBe(200);
    expect(await done.text()).toContain("Your account is deleted");
    expect(visitor.cookies.size).toBe(0);
    expect((await a.json("GET", "/users/erna")).status).toBe(410);
  });

  test("without a password takes the name alone, which has to be said", async () => {
    const token = await a.register("fritz");
    await query(a.databaseUrl, "update users set password_hash = null where username = 'fritz'");
    expect((await a.json("DELETE", "/users/fritz", {}, token)).status).toBe(403);
    expect((await a.json("DELETE", "/users/fritz", { username: "fritz" }, token)).status).toBe(202);
    expect((await a.json("GET", "/auth/me", undefined, token)).status).toBe(401);
  });

  test("is refused for the administrator, for others, and for whoever is not signed in", async () => {
    const alice = await logIn(a, "alice", a.password);
    const own = await a.json("DELETE", "/users/alice", { password: a.password }, alice);
    expect(own).toMatchObject({ status: 409, body: { detail: expect.stringContaining("administer") } });
    expect((await a.json("DELETE", "/users/carol", { password }, alice)).status).toBe(403);
    expect((await a.json("DELETE", "/users/carol", { password })).status).toBe(401);
    expect((await a.json("GET", "/users/carol")).status).toBe(200);
  });

  test("leaves no room for what a request that was let in before begins afterwards", async () => {
    const insert = `insert into tokens (id, user_id, expires)
      select gen_random_uuid(), id, now() from users where username = 'dora'`;
    await expect(query(a.databaseUrl, insert)).rejects.toThrow("is deleted");
    const rename = "update users set name = 'Dora' where username = 'dora'";
    await expect(query(a.databaseUrl, rename)).rejects.toThrow("users_deleted_check");
  });

  test("goes on where it was after the server was killed half way", async () => {
    const databaseUrl = await createTestDatabase();
    const env = {
      DATABASE_URL: databaseUrl,
      ARTDAG_DATA: await makeTemporaryDirectory(),
      PORT: String(await findFreePort()),
    };
    const server = await startProcess(env);
    const send = async (method: string, path: string, body: object, token = "") => {
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
      const response = await fetch(server.origin + path, { method, headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Json };
    };
    const registered = await send("POST", "/auth/register", { username: "gerda", password });
    const token = registered.body.access_token;
    const works = 200;
    for (let count = 0; count < works; count++) {
      const work = { name: `work ${count}`, content_hash: hashOf(`work ${count}`), asset_type: "image" };
      expect((await send("POST", "/assets", work, token)).status).toBe(201);
    }
    const countAssets = async () =>
      (await query<{ count: number }>(databaseUrl, "select count(*)::int as count from assets"))[0]?.count ??
      -1;

    expect((await send("DELETE", "/users/gerda", { password }, token)).status).toBe(202);
    await eventually("some works are withdrawn", async () =>
      (await countAssets()) < works ? true : undefined,
    );
    await server.kill("SIGKILL");
    const left = await countAssets();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(works);
    expect(left % 20).toBe(0);

    await startProcess(env);
    await waitUntilErased(databaseUrl, "gerda", 60_000);
    expect(await countAssets()).toBe(0);
    const log = await query<{ type: string; count: number }>(
      databaseUrl,
      "select type, count(*)::int as count from activities group by type order by type",
    );
    expect(log).toEqual([
      { type: "Create", count: works },
      { type: "Delete", count: works },
    ]);
    const size = await query<{ size: string }>(databaseUrl, "select size from log");
    expect(Number(size[0]?.size)).toBe(2 * works);
  }, 120_000);
});
