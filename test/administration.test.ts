import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act } from "./helpers/activities.ts";
import { settleInbox } from "./helpers/effects.ts";
import {
  createWorld,
  type GuardedServer,
  type Person,
  type Remote,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually, type Json } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const world = createWorld();
let server: GuardedServer;
let good: Remote;
let bob: Person;
let mallory: Person;
let admin: string;
let carol: string;

beforeAll(async () => {
  good = await world.open("good.test");
  bob = await settle(good, "bob", 0);
  mallory = await settle(await world.open("evil.test"), "mallory", 1);
  server = await startGuardedServer(world);
  admin = await server.logIn();
  carol = await server.register("carol");
});

beforeEach(() => rows("truncate blocks, followers, following, deliveries, publications cascade"));

async function rows(statement: string, values: unknown[] = []): Promise<Json[]> {
  return await query(server.databaseUrl, statement, values);
}

/** Has bob follow a user, and waits until he does. */
async function followAs(person: Person, username: string): Promise<void> {
  const activity = act(person, "Follow", `https://l2.test/users/${username}`);
  expect((await server.deliver(person, activity)).status).toBe(202);
  await settleInbox(server.databaseUrl);
}

describe("lists of blocks", () => {
  const upload = (path: string, token: string, body: BodyInit, type?: string) =>
    server.request(path, {
      method: "POST",
      headers: {
        Accept: "application/json",
        Authorization: `Bearer ${token}`,
        ...(type == null ? {} : { "Content-Type": type }),
      },
      body,
    });
  const download = async (path: string, token: string) =>
    await (await server.request(path, { headers: { Authorization: `Bearer ${token}` } })).text();

  test("of domains go in and out in Mastodon's format, and what is wrong is said by line", async () => {
    const path = "/admin/blocks/domain_blocks.csv";
    const file = `#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
EVIL.test,suspend,true,true,"Spam, mostly",false
loud.test,silence,false,false,,false
e*il.test,suspend,true,true,,true
l2.test,suspend,true,true,,false
`;
    const imported = await upload(path, admin, file, "text/csv");
    expect(imported.status).toBe(200);
    expect(await imported.json()).toEqual({
      added: 1,
      errors: [
        { line: 3, message: "the severity silence is none of this server's; only suspend is" },
        { line: 4, message: '"e*il.test" is no domain' },
        { line: 5, message: "l2.test is this server's own domain" },
      ],
    });
    expect(await download(path, admin)).toBe(
      `#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
evil.test,suspend,true,true,"Spam, mostly",false
`,
    );
  });

  test("of a user go in from a page's form too, and out as handles and domains", async () => {
    await followAs(bob, "carol");
    const form = new FormData();
    form.set(
      "file",
      new File([`bob@good.test\n${mallory.id}\nnobody@nowhere.test\n`], "blocked_accounts.csv"),
    );
    const accounts = await upload("/settings/blocks/blocked_accounts.csv", carol, form);
    expect(await accounts.json()).toEqual({
      added: 2,
      errors: [{ line: 3, message: '"nobody@nowhere.test" was not found' }],
    });
    await upload("/settings/blocks/blocked_domains.csv", carol, "evil.test\nworse.test\n", "text/csv");
    expect(await rows("select * from followers")).toEqual([]);
    const listed = await download("/settings/blocks/blocked_accounts.csv", carol);
    expect(listed).toMatch(/^bob@good\.test$/m);
    expect(await download("/settings/blocks/blocked_domains.csv", carol)).toBe("evil.test\nworse.test\n");
  });

  test.each([
    ["application/json", "{}", 415],
    ["text/csv", "x".repeat(1024 * 1024 + 1), 413],
    ["text/csv", new Uint8Array([0xff, 0xfe, 0x00]), 400],
    ["multipart/form-data; boundary=x", "garbage", 400],
  ])("are refused as %s", async (type, body, status) => {
    expect((await upload("/admin/blocks/domain_blocks.csv", admin, body, type)).status).toBe(status);
  });

  test("of more than 10,000 lines are taken up to there", async () => {
    const file = Array.from({ length: 10_002 }, (_item, place) => `d${place}.test\n`).join("");
    const { added, errors } = (await (
      await upload("/admin/blocks/domain_blocks.csv", admin, file, "text/csv")
    ).json()) as Json;
    expect([added, errors]).toEqual([
      10_000,
      [{ line: 10_001, message: "a list has at most 10000 lines; the rest was left" }],
    ]);
  });
});

describe("what is the administrator's", () => {
  test.each([
    ["GET", "/admin"],
    ["GET", "/admin/blocks"],
    ["POST", "/admin/blocks"],
    ["DELETE", "/admin/blocks"],
    ["GET", "/admin/blocks/domain_blocks.csv"],
    ["POST", "/admin/blocks/domain_blocks.csv"],
    ["GET", "/admin/reports"],
    ["POST", "/admin/reports/1/resolve"],
    ["GET", "/admin/users"],
    ["POST", "/admin/users/alice/suspend"],
    ["POST", "/admin/users/alice/unsuspend"],
  ])("%s %s is 404 for everybody else", async (method, path) => {
    expect((await server.json(method, path, method === "GET" ? undefined : {}, carol)).status).toBe(404);
    expect((await server.json(method, path, method === "GET" ? undefined : {})).status).toBe(404);
  });

  test("has pages", async () => {
    await server.json("POST", "/admin/blocks", { kind: "domain", target: "evil.test" }, admin);
    for (const path of ["/admin", "/admin/blocks", "/admin/reports", "/admin/users"]) {
      const page = await server.request(path, {
        headers: { Accept: "text/html", Authorization: `Bearer ${admin}` },
      });
      expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
    }
  });

  test("reports arrive, are listed with text that is only text, and are resolved", async () => {
    const flag = {
      id: "https://good.test/flags/1",
      type: "Flag",
      actor: bob.id,
      content: "<script>alert(1)</script> spam",
      object: ["https://l2.test/users/carol"],
    };
    expect((await server.deliver(bob, flag)).status).toBe(202);
    const [report] = await eventually("the report is listed", async () => {
      const { body } = await server.json("GET", "/admin/reports", undefined, admin);
      return body.items.length > 0 ? body.items : undefined;
    });
    expect(report).toMatchObject({ actor: bob.id, objects: flag.object, resolved_at: null });
    const page = await server.request("/admin/reports", {
      headers: { Accept: "text/html", Authorization: `Bearer ${admin}` },
    });
    expect(await page.text()).not.toContain("<script>alert");
    expect((await server.json("POST", `/admin/reports/${report.id}/resolve`, undefined, admin)).status).toBe(
      204,
    );
    expect((await server.json("POST", "/admin/reports/999999/resolve", undefined, admin)).status).toBe(404);
    expect((await server.json("GET", "/admin/reports", undefined, admin)).body.items).toEqual([]);
    expect((await server.json("GET", "/admin/reports?all", undefined, admin)).body.items).toHaveLength(1);
  });
});

describe("a suspended user", () => {
  const account = { username: "dave", password: "correct horse battery" };
  let token: string;

  test("can do nothing, is gone for others, and is back when that is lifted", async () => {
    token = await server.register("dave");
    const asset = { name: "daves", content_hash: "d".repeat(64), asset_type: "image" };
    const registered = await server.json("POST", "/assets", asset, token);
    const { index } = registered.body.asset;
    const suspended = await server.json("POST", "/admin/users/dave/suspend", undefined, admin);
    expect(suspended).toMatchObject({ status: 200, body: { username: "dave", suspended: true } });

    expect((await server.json("GET", "/auth/me", undefined, token)).status).toBe(401);
    // Nor does a token help that was made at the same moment.
    await rows("update tokens set revoked = null");
    expect((await server.json("GET", "/auth/me", undefined, token)).status).toBe(401);
    await rows("update tokens set revoked = now() from users where users.id = user_id and username = 'dave'");
    expect((await server.json("POST", "/assets", { ...asset, name: "more" }, token)).status).toBe(401);
    const refused = await server.json("POST", "/auth/login", account);
    expect([refused.status, refused.body.detail]).toEqual([
      403,
      "This account is suspended. Ask the administrator of this server.",
    ]);
    expect(
      (await server.json("POST", "/auth/login", { ...account, password: "wrong password" })).status,
    ).toBe(401);
    for (const path of ["/users/dave", "/users/dave/outbox", "/users/dave/followers"]) {
      expect((await server.json("GET", path)).status, path).toBe(410);
      expect((await server.request(path, { headers: { Accept: "text/html" } })).status, path).toBe(410);
    }
    const finger = "/.well-known/webfinger?resource=acct:dave@l2.test";
    expect((await server.json("GET", finger)).status).toBe(404);
    expect((await server.json("GET", `/activities/${index}`)).status).toBe(200);
    expect(
      (await server.json("GET", "/users")).body.items.map(({ username }: Json) => username),
    ).not.toContain("dave");
    await followAs(bob, "dave");
    expect(await rows("select * from followers")).toEqual([]);

    expect((await server.json("POST", "/admin/users/dave/unsuspend", undefined, admin)).status).toBe(200);
    expect((await server.json("POST", "/auth/login", account)).status).toBe(200);
    expect((await server.json("GET", "/auth/me", undefined, token)).status).toBe(401);
    expect((await server.json("GET", "/users/dave")).status).toBe(200);
    expect((await server.json("GET", finger)).status).toBe(200);
  });

  test("sends nothing of what waits until that is lifted", async () => {
    await followAs(bob, "dave");
    await eventually("the accept is sent", async () => {
      const [row] = await rows("select state from deliveries");
      return row?.state === "delivered" ? true : undefined;
    });
    const { body } = await server.json("POST", "/auth/login", account);
    await rows(
      "insert into delivery_hosts (host, held_until) values ('good.test', now() + '1 hour') on conflict (host) do update set held_until = excluded.held_until",
    );
    const asset = { name: "later", content_hash: "e".repeat(64), asset_type: "image" };
    expect((await server.json("POST", "/assets", asset, body.access_token)).status).toBe(201);
    await eventually("it waits", async () => {
      const found = await rows("select * from deliveries where state = 'waiting'");
      return found.length === 1 ? true : undefined;
    });
    await server.json("POST", "/admin/users/dave/suspend", undefined, admin);
    await rows("delete from delivery_hosts");
    // What others send to the same host goes out.
    await followAs(bob, "carol");
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await rows("select attempts from deliveries where state = 'waiting'")).toEqual([{ attempts: 0 }]);
    expect(await rows("select state, attempts from deliveries order by id desc limit 1")).toEqual([
      { state: "delivered", attempts: 1 },
    ]);
    await server.json("POST", "/admin/users/dave/unsuspend", undefined, admin);
    await eventually("it is sent", async () => {
      const found = await rows("select * from deliveries where state = 'waiting'");
      return found.length === 0 ? true : undefined;
    });
  });

  test("is never the administrator who asks for it, nor somebody unknown", async () => {
    expect((await server.json("POST", "/admin/users/alice/suspend", undefined, admin)).status).toBe(409);
    expect((await server.json("POST", "/admin/users/nobody/suspend", undefined, admin)).status).toBe(404);
  });
});
