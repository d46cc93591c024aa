import { readdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { oauthClient, type OAuthStandIn, startOAuthStandIn } from "./helpers/oauth-provider.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";
import { createVisitor } from "./helpers/visitor.ts";

const password = "correct horse battery";
const page = "text/html,*/*;q=0.8";

let standIn: OAuthStandIn;
let server: TestServer;
let routes: readonly { method: string; path: string }[];
let alice: string;
let cookie: string;
let bob: string;

beforeAll(async () => {
  standIn = await startOAuthStandIn();
  server = await startTestServer(
    { GITHUB_ID: oauthClient.id, GITHUB_SECRET: oauthClient.secret },
    { oauthEndpoints: { github: standIn.endpoints } },
  );
  const { web, federation } = server.resources;
  routes = createApp({ web, federation, hosts: [] }).routes;
  alice = await server.logIn();
  cookie = `sid=${alice}`;
  bob = await server.register("bob");
  const work = { content_hash: "a".repeat(64), asset_type: "image", description: "as it was" };
  await server.json("POST", "/assets", { ...work, name: "work" }, alice);
  await server.json("PUT", "/assets/work/pin", undefined, alice);
  await server.json("POST", "/assets/work/share", undefined, alice);
  standIn.person = { id: 4711, login: "alices" };
  const visitor = createVisitor(server);
  visitor.cookies.set("sid", alice);
  await visitor.follow(await visitor.submit("/settings/sign-ins", { link: "github" }));
});

/** What a parameter of a route stands for, where there is something at the address. */
const examples: Readonly<Record<string, string>> = {
  username: "alice",
  name: "work",
  index: "0",
  hash: "a".repeat(64),
  provider: "github",
  id: "1",
};

/** The addresses of the routes with those methods, with something at them. */
function listAddresses(methods: readonly string[]): { method: string; address: string }[] {
  const found = routes
    .filter(({ method, path }) => methods.includes(method) && !path.includes("*"))
    .map(({ method, path }) => ({
      method,
      address: path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, (_whole, name: string) => examples[name] ?? "1"),
    }));
  return [...new Map(found.map((each) => [`${each.method} ${each.address}`, each])).values()];
}

/** All that stands in our tables; the queue and the caches are busy on their own. */
async function readAll(): Promise<string[]> {
  const text = await dump(server.databaseUrl);
  return text.split(/^(?=[\w"]+\.)/m).filter((table) => table.startsWith("public.") && !/^\S*kv/.test(table));
}

/** What programs ask, by a token or of everybody: it is answered from anywhere, since no cookie counts. */
const withoutCookies = new Set(["/auth/verify", "/auth/revoke", "/objects/status"]);

describe("T37", () => {
  test("a GET at any address changes nothing, whoever asks and however", async () => {
    const addresses = listAddresses(["GET"]).map(({ address }) => address);
    expect(addresses.length).toBeGreaterThan(40);
    addresses.push(
      "/auth/oauth/github?code=x&state=y",
      "/auth/oauth/github?error=access_denied&state=y",
      "/login?next=/new",
      "/assets?q=work&type=image",
      "/asset/work?delete=1",
      "/settings/sign-ins?unlink=1",
      "/settings/pins?pin=work",
      "/auth/logout",
    );
    const before = await readAll();
    expect(before.join()).toContain("as it was");
    for (const address of addresses) {
      for (const accept of [page, "application/json", "application/activity+json"]) {
        const headers = { Cookie: cookie, Accept: accept, "Sec-Fetch-Site": "cross-site" };
        const { status } = await server.request(address, { headers });
        expect([address, status < 500]).toEqual([address, true]);
        await server.request(address, { headers: { Accept: accept } });
      }
      await server.request(address, { method: "HEAD", headers: { Cookie: cookie, Accept: page } });
    }
    expect(await readAll()).toEqual(before);
    expect((await server.json("GET", "/auth/me", undefined, alice)).status).toBe(200);
  }, 120_000);

  test("a change from a foreign page is 403 at every address, and changes nothing", async () => {
    const changes = listAddresses(["POST", "PUT", "PATCH", "DELETE"]).filter(
      ({ address }) => !address.endsWith("/inbox") && !withoutCookies.has(address),
    );
    expect(changes.length).toBeGreaterThan(30);
    const before = await readAll();
    for (const { method, address } of changes) {
      for (const [type, body] of [
        ["application/x-www-form-urlencoded", "username=mallory&password=correct+horse&name=x&unlink=1"],
        ["text/plain", '{"username":"mallory"}'],
      ] as const) {
        const headers = { Cookie: cookie, Origin: "https://evil.test", "Content-Type": type, Accept: page };
        const { status } = await server.request(address, { method, headers, body });
        expect([method, address, status]).toEqual([method, address, 403]);
      }
      // Nobody's cookie is needed to sign a visitor in as somebody else.
      const { status } = await server.request(address, { method, headers: { Origin: "null" } });
      expect([method, address, status]).toEqual([method, address, 403]);
    }
    expect(await readAll()).toEqual(before);
  }, 120_000);
});

describe("T37", () => {
  test.each([...withoutCookies])("%s knows nobody by a cookie", async (address) => {
    const before = await readAll();
    const headers = { Cookie: cookie, Origin: "https://evil.test", "Content-Type": "application/json" };
    const { status } = await server.request(address, { method: "POST", headers, body: '{"hashes":[]}' });
    expect(status).toBe(address === "/objects/status" ? 200 : address === "/auth/verify" ? 401 : 400);
    expect(await readAll()).toEqual(before);
  });
});

describe("T38", () => {
  const attempts: readonly (readonly [string, string, unknown?])[] = [
    ["PATCH", "/assets/work", { description: "mine now" }],
    ["PATCH", "/assets/work", {}],
    ["DELETE", "/assets/work"],
    ["DELETE", "/assets/work/preview"],
    ["POST", "/asset/work/edit", {}],
    ["POST", "/asset/work/withdraw"],
    ["PUT", "/assets/work/pin"],
    ["DELETE", "/assets/work/pin"],
    ["DELETE", "/assets/work/share"],
    ["GET", "/assets/work/deliveries"],
    ["POST", "/assets/work/deliveries", { id: 1 }],
    ["DELETE", "/settings/sign-ins/1"],
    ["GET", "/admin"],
    ["GET", "/admin/blocks"],
    ["POST", "/admin/blocks", { kind: "domain", target: "example.org" }],
    ["POST", "/admin/users/alice/suspend"],
    ["POST", "/admin/reports/1/resolve"],
  ];

  test("what is another's is not there for anybody else, whatever is tried with it", async () => {
    const before = await readAll();
    expect(before.join()).toContain("4711");
    for (const [method, address, body] of attempts) {
      const answer = await server.json(method, address, body, bob);
      expect([method, address, answer.status, answer.body.title]).toEqual([
        method,
        address,
        404,
        "Not found",
      ]);
    }
    expect(await readAll()).toEqual(before);
  });

  test("another's profile and following list are refused", async () => {
    const before = await readAll();
    const answers = [
      await server.json("PATCH", "/users/alice", { name: "Mallory" }, bob),
      await server.json("POST", "/users/alice/following", { handle: "@x@example.org" }, bob),
      await server.json("DELETE", "/users/alice/following", { handle: "@x@example.org" }, bob),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await readAll()).toEqual(before);
  });
});

describe("T39", () => {
  const work = { name: "bounded", content_hash: "b".repeat(64), asset_type: "image" };
  const tooMuch: readonly (readonly [string, string, object])[] = [
    ["POST", "/assets", { ...work, name: "n".repeat(256) }],
    ["POST", "/assets", { ...work, tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }],
    ["POST", "/assets", { ...work, tags: ["t".repeat(101)] }],
    ["POST", "/assets", { ...work, metadata: { x: "x".repeat(17 * 1024) } }],
    ["POST", "/assets", { ...work, description: "d".repeat(10_001) }],
    ["POST", "/assets", { ...work, url: `https://example.org/${"u".repeat(2048)}` }],
    ["POST", "/assets", { ...work, alt: "a".repeat(1501) }],
    ["PATCH", "/assets/work", { tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }],
    ["PATCH", "/assets/work", { metadata: { x: "x".repeat(17 * 1024) } }],
    ["PATCH", "/users/alice", { name: "n".repeat(101) }],
    ["PATCH", "/users/alice", { summary: "s".repeat(2001) }],
    ["PATCH", "/users/alice", { fields: Array.from({ length: 9 }, () => ({ name: "n", value: "v" })) }],
    ["POST", "/auth/register", { username: "u".repeat(31), password }],
    ["POST", "/auth/register", { username: "mailer", password, email: `${"e".repeat(250)}@example.org` }],
    ["POST", "/auth/register", { username: "keeper", password: "p".repeat(1025) }],
    ["POST", "/auth/login", { username: "u".repeat(201), password }],
    ["POST", "/auth/login", { username: "alice", password: "p".repeat(4097) }],
    ["POST", "/auth/password", { current_password: "p".repeat(4097), new_password: password }],
  ];

  test("text without bounds is 422 wherever it is sent, and nothing of it is kept", async () => {
    const before = await readAll();
    for (const [method, address, body] of tooMuch) {
      const { status } = await server.json(method, address, body, alice);
      expect([method, address, Object.keys(body).at(-1), status]).toEqual([
        method,
        address,
        Object.keys(body).at(-1),
        422,
      ]);
    }
    expect(await readAll()).toEqual(before);
  });

  test.each([
    ["assets", "name = repeat('n', 256)", "assets_name_check"],
    ["assets", "tags = array_fill('t'::text, array[51])", "assets_tags_check"],
    ["assets", `metadata = ('{"x":"' || repeat('x', 17408) || '"}')::json`, "assets_metadata_check"],
    ["users", "email = repeat('e', 255)", "users_email_check"],
    ["users", "username = '../x'", "users_username_check"],
    ["sign_ins", "label = repeat('l', 101)", "sign_ins_label_check"],
    ["sign_ins", "subject = repeat('s', 256)", "sign_ins_subject_check"],
    ["sign_ins", "provider = 'Git Hub'", "sign_ins_provider_check"],
  ])("the schema itself refuses in %s: %s", async (table, change, constraint) => {
    await query(
      server.databaseUrl,
      "insert into sign_ins (provider, subject, user_id, label) select 'google', 'bounded', id, 'x' from users where username = 'bob' on conflict do nothing",
    );
    await expect(query(server.databaseUrl, `update ${table} set ${change}`)).rejects.toThrow(constraint);
  });

  test("a name of a provider's that is too long is cut, and a subject that is too long is refused", async () => {
    standIn.person = { id: 4712, login: "l".repeat(255) };
    const visitor = createVisitor(server);
    await visitor.follow(await visitor.open("/auth/oauth/github"));
    expect((await visitor.submit("/register/linked", { username: "long_label" })).status).toBe(303);
    const rows = await query<{ length: number }>(
      server.databaseUrl,
      "select char_length(label) as length from sign_ins where subject = '4712'",
    );
    expect(rows).toEqual([{ length: 100 }]);
    standIn.person = { id: 4713, login: "l".repeat(256) };
    const other = createVisitor(server);
    expect((await other.follow(await other.open("/auth/oauth/github"))).status).toBe(502);
  });
});

describe("T40", () => {
  test("a username that is a path is refused also for who signs in elsewhere, and no key file is made", async () => {
    const keys = path.join(server.dataDirectory, "keys");
    standIn.person = { id: 4714, login: "../../x" };
    const visitor = createVisitor(server);
    await visitor.follow(await visitor.open("/auth/oauth/github"));
    const before = await readdir(keys);
    for (const username of ["../x", "a/b", "..", "x.pem", "/etc/x", "..%2fx", "a\\b", ""]) {
      const { status } = await visitor.submit("/register/linked", { username });
      expect([username, status]).toEqual([username, 422]);
    }
    expect(await readdir(keys)).toEqual(before);
    expect(await readdir(server.dataDirectory)).not.toContain("x.pem");
  });
});
