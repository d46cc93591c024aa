import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createInvite } from "../src/accounts/invites.ts";
import { answerJson, oauthClient, type OAuthStandIn, startOAuthStandIn } from "./helpers/oauth-provider.ts";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { dump, query } from "./helpers/sql.ts";
import { createVisitor, type Visitor } from "./helpers/visitor.ts";

const password = "correct horse battery";
const ids = {
  GITHUB_ID: oauthClient.id,
  GITHUB_SECRET: oauthClient.secret,
  GOOGLE_ID: oauthClient.id,
  GOOGLE_SECRET: oauthClient.secret,
};

let standIn: OAuthStandIn;
let server: TestServer;
let lastId = 1000;

beforeAll(async () => {
  standIn = await startOAuthStandIn();
  server = await start();
});
beforeEach(() => {
  standIn.denies = false;
  standIn.tokenAnswer = undefined;
  standIn.userAnswer = undefined;
  standIn.person = somebody();
});

function start(env: Record<string, string> = ids): Promise<TestServer> {
  const { endpoints } = standIn;
  return startTestServer(env, {
    limits: { total: 1000, headers: 1000 },
    oauthEndpoints: { github: endpoints, google: endpoints, discord: endpoints },
  });
}

/** Somebody new at the provider. */
function somebody() {
  const id = ++lastId;
  return { id, sub: `sub-${id}`, login: `hubber-${id}`, name: `Googler ${id}`, email: "same@example.com" };
}

/** Goes to the provider and comes back. */
async function signIn(visitor: Visitor, provider = "github", more = "") {
  return await visitor.follow(await visitor.open(`/auth/oauth/${provider}${more}`));
}

/** Makes a user who signs in at GitHub only, as whoever is signed in there. */
async function registerElsewhere(username: string, at = server): Promise<Visitor> {
  const visitor = createVisitor(at);
  expect((await signIn(visitor)).path).toBe("/register/linked");
  expect((await visitor.submit("/register/linked", { username })).status).toBe(303);
  return visitor;
}

async function whoIs(visitor: Visitor): Promise<string | undefined> {
  const page = await visitor.follow(await visitor.open("/"));
  return /href="\/users\/(\w+)"[^>]*>@/.exec(page.text)?.[1];
}

/** The address to which the provider sends a browser back. */
async function findCallback(visitor: Visitor, provider = "github"): Promise<string> {
  const begun = await visitor.open(`/auth/oauth/${provider}`);
  const there = await visitor.open(begun.headers.get("location") ?? "");
  return there.headers.get("location") ?? "";
}

async function countRows(): Promise<unknown> {
  const [row] = await query(
    server.databaseUrl,
    "select (select count(*) from users) as users, (select count(*) from sign_ins) as sign_ins, (select count(*) from tokens) as tokens",
  );
  return row;
}

async function register(username: string): Promise<Visitor> {
  const visitor = createVisitor(server);
  await visitor.submit("/register", { username, password });
  return visitor;
}

describe("signing in elsewhere", () => {
  test("leads a newcomer to a page where a username is chosen, and makes a user without a password", async () => {
    const visitor = createVisitor(server);
    const { status, path, text } = await signIn(visitor, "github", "?next=/new");
    expect({ status, path }).toEqual({ status: 200, path: "/register/linked" });
    expect(text).toContain(String(standIn.person["login"]));
    expect(await whoIs(visitor)).toBeUndefined();

    const refused = await visitor.submit("/register/linked", { username: "admin" });
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("Username: is reserved");
    const done = await visitor.submit("/register/linked", { username: "Newcomer" });
    expect(done.status).toBe(303);
    expect(done.headers.get("location")).toBe("/new");
    expect(await whoIs(visitor)).toBe("newcomer");
    const [user] = await query(server.databaseUrl, "select * from users where username = 'newcomer'");
    expect(user).toMatchObject({ password_hash: null, email: null });
    // The page is good for one user only.
    expect((await visitor.open("/register/linked")).status).toBe(400);
  });

  test("signs in who is known, and leads on to where they wanted to go", async () => {
    await registerElsewhere("regular");
    const again = createVisitor(server);
    const { path } = await signIn(again, "github", "?next=/home");
    expect(path).toBe("/home");
    expect(await whoIs(again)).toBe("regular");
    const [{ used } = {}] = await query(
      server.databaseUrl,
      "select used from sign_ins join users on users.id = user_id where username = 'regular'",
    );
    expect(used).toBeInstanceOf(Date);
  });

  test("asks the provider for as little as it takes, with PKCE, and tells it the secret on the back way only", async () => {
    standIn.requests.length = 0;
    await signIn(createVisitor(server), "google");
    const [authorize, token] = standIn.requests;
    expect(Object.fromEntries(authorize?.parameters ?? [])).toEqual({
      client_id: oauthClient.id,
      redirect_uri: `${server.origin}/auth/oauth/google`,
      response_type: "code",
      scope: "openid profile",
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    expect(Object.fromEntries(token?.parameters ?? [])).toMatchObject({ client_secret: oauthClient.secret });
    expect(standIn.requests.map(({ path }) => path)).toEqual(["/authorize", "/token", "/user"]);
  });

  test("follows nobody to another server afterwards", async () => {
    await registerElsewhere("careful");
    for (const next of ["//evil.test", "https://evil.test", "/\\evil.test"]) {
      const visitor = createVisitor(server);
      expect((await signIn(visitor, "github", `?next=${encodeURIComponent(next)}`)).path).toBe("/");
    }
  });

  test("T33 another subject with the same email address, or the same name, is somebody else", async () => {
    const person = somebody();
    standIn.person = person;
    await registerElsewhere("victim");
    await server.json("POST", "/auth/register", {
      username: "mailed",
      password,
      email: "same@example.com",
    });
    const before = await countRows();
    for (const [provider, impostor] of [
      ["github", { ...person, id: person.id + 100_000 }],
      ["google", { ...person, sub: String(person.id) }],
    ] as const) {
      standIn.person = impostor;
      const visitor = createVisitor(server);
      expect((await signIn(visitor, provider)).path).toBe("/register/linked");
      expect(await whoIs(visitor)).toBeUndefined();
    }
    expect(await countRows()).toEqual(before);
    // Whoever is renamed there is still the same.
    standIn.person = { ...person, login: "renamed", email: "other@example.com" };
    const visitor = createVisitor(server);
    await signIn(visitor);
    expect(await whoIs(visitor)).toBe("victim");
  });

  test("of a suspended user is refused", async () => {
    await registerElsewhere("banned");
    await query(server.databaseUrl, "update users set suspended = now() where username = 'banned'");
    const before = await countRows();
    const { status, text } = await signIn(createVisitor(server));
    expect(status).toBe(403);
    expect(text).toContain("suspended");
    expect(await countRows()).toEqual(before);
  });

  test("counts as a sign-in from the address", async () => {
    const strict = await start({ ...ids, LIMIT_LOGIN_ADDRESS: "2" });
    const visitor = createVisitor(strict);
    const statuses = [];
    for (let round = 0; round < 3; round++) statuses.push((await signIn(visitor)).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("keeps the provider's token and its email address nowhere", async () => {
    await registerElsewhere("private_person");
    const everything = await dump(server.databaseUrl);
    expect(everything).toContain(String(standIn.person["login"]));
    expect(everything.match(/same@example\.com/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(everything).not.toContain(oauthClient.secret);
  });
});

describe("what goes wrong at the provider", () => {
  test("a user who says no is not signed in, and nothing of the provider's words is shown", async () => {
    standIn.denies = true;
    const before = await countRows();
    const { status, text } = await signIn(createVisitor(server));
    expect(status).toBe(403);
    expect(text).toContain("You did not let GitHub tell this server who you are.");
    expect(text).not.toContain("alert(1)");
    expect(await countRows()).toEqual(before);
  });

  test("T33 a wrong state, none, or that of another browser or provider is refused, and the code is not used", async () => {
    await registerElsewhere("stateful");
    const before = await countRows();
    const asked = () => standIn.requests.filter(({ path }) => path === "/token").length;
    const own = createVisitor(server);
    const callback = new URL(await findCallback(own));
    const count = asked();
    const refuse = async (visitor: Visitor, change: (url: URL) => void) => {
      const url = new URL(callback);
      change(url);
      expect((await visitor.open(url.href)).status).toBe(400);
    };
    await refuse(own, (url) => url.searchParams.set("state", "x".repeat(43)));
    await refuse(own, (url) => url.searchParams.delete("state"));
    await refuse(own, (url) => (url.pathname = "/auth/oauth/google"));
    await refuse(createVisitor(server), () => undefined);
    const other = createVisitor(server);
    await findCallback(other);
    await refuse(other, () => undefined);
    expect(asked()).toBe(count);
    expect(await countRows()).toEqual(before);
    // It was good, where it belongs.
    expect((await own.open(callback.href)).status).toBe(303);
    expect(await whoIs(own)).toBe("stateful");
  });

  test("T33 a code is good once, also for a browser that keeps its cookie", async () => {
    await registerElsewhere("replayed");
    const visitor = createVisitor(server);
    const callback = await findCallback(visitor);
    const kept = new Map(visitor.cookies);
    expect((await visitor.open(callback)).status).toBe(303);
    expect((await visitor.open(callback)).status).toBe(400);
    const again = createVisitor(server);
    for (const [name, value] of kept) again.cookies.set(name, value);
    const refused = await again.open(callback);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain("GitHub does not know this sign-in any more");
    expect(await whoIs(again)).toBeUndefined();
  });

  test("T33 a code that was stolen is of no use to another browser's own sign-in", async () => {
    await registerElsewhere("stolen_from");
    const victim = createVisitor(server);
    const stolen = new URL(await findCallback(victim)).searchParams.get("code") ?? "";
    const thief = createVisitor(server);
    const own = new URL(await findCallback(thief));
    own.searchParams.set("code", stolen);
    expect((await thief.open(own.href)).status).toBe(400);
    expect(await whoIs(thief)).toBeUndefined();
  });

  test("T33 a forged or foreign note of the browser is refused, and a session's token is none", async () => {
    const visitor = await registerElsewhere("forger");
    const token = visitor.cookies.get("sid") ?? "";
    const callback = await findCallback(visitor);
    const good = visitor.cookies.get("oauth") ?? "";
    for (const forged of [token, `${good.slice(0, -4)}AAAA`, "", "x.y.z"]) {
      visitor.cookies.set("oauth", forged);
      expect((await visitor.open(callback)).status).toBe(400);
      visitor.cookies.set("identity", forged === good ? "" : forged);
      expect((await visitor.submit("/register/linked", { username: "forged" })).status).toBe(400);
    }
    // A note is no session either, nor one note another.
    visitor.cookies.set("identity", good);
    expect((await visitor.open("/register/linked")).status).toBe(400);
    const bearer = await server.request("/auth/me", { headers: { Authorization: `Bearer ${good}` } });
    expect(bearer.status).toBe(401);
  });

  type Failure = "tokenAnswer" | "userAnswer";
  const endpoints: Failure[] = ["tokenAnswer", "userAnswer"];
  const failures: [string, OAuthStandIn["tokenAnswer"]][] = [
    ["breaks the connection", (to) => to.destroy()],
    ["is slow", () => undefined],
    ["answers HTML", (to) => to.writeHead(200, { "Content-Type": "text/html" }).end("<h1>Hello</h1>")],
    [
      "answers too much",
      (to) => answerJson(to, 200, { access_token: "x", id: 1, login: "x", more: "x".repeat(100_000) }),
    ],
    ["answers an error", (to) => answerJson(to, 500, { message: "no" })],
    ["does not know this server", (to) => answerJson(to, 401, { error: "invalid_client" })],
    ["answers something else", (to) => answerJson(to, 200, ["access_token"])],
    ["answers null", (to) => answerJson(to, 200, null)],
    ["answers values of other types", (to) => answerJson(to, 200, { access_token: 1, id: "1", login: {} })],
    ["answers line breaks", (to) => answerJson(to, 200, { access_token: "a\r\nb: c", id: 1.5, login: "x" })],
    ["sends elsewhere", (to) => to.writeHead(302, { Location: "/user" }).end()],
  ];
  test.each(endpoints.flatMap((endpoint) => failures.map((failure) => [endpoint, ...failure] as const)))(
    "%s: a provider that %s is told as such in good time, and makes nobody",
    async (endpoint, _title, answer) => {
      standIn[endpoint] = answer;
      const before = await countRows();
      const visitor = createVisitor(server);
      const started = performance.now();
      const { status, text } = await signIn(visitor);
      expect(status).toBe(502);
      expect(text).toContain("GitHub could not be asked who you are. Try again later.");
      expect(performance.now() - started).toBeLessThan(3000);
      expect(await countRows()).toEqual(before);
      expect(visitor.cookies.has("identity")).toBe(false);
    },
  );

  test("text of the provider is shown as text, and never stored where it can't be", async () => {
    standIn.person = { ...somebody(), login: "<script>alert(1)</script>" };
    const page = await signIn(createVisitor(server));
    expect(page.text).toContain("&lt;script&gt;");
    expect(page.text).not.toContain("<script>alert");
    const odd = somebody();
    standIn.person = { ...odd, login: "nul\0" };
    await registerElsewhere("odd_label");
    const [row] = await query(server.databaseUrl, "select label from sign_ins order by id desc limit 1");
    expect(row).toEqual({ label: String(odd.id) });
  });
});

describe("who may register that way", () => {
  test("nobody, where the server takes no new accounts; but those who are here may link", async () => {
    const closed = await start({ ...ids, ARTDAG_REGISTRATION: "closed" });
    const visitor = createVisitor(closed);
    const { text } = await signIn(visitor);
    expect(text).not.toContain('action="/register/linked"');
    expect((await visitor.submit("/register/linked", { username: "sneaky" })).status).toBe(403);
    const linked = await visitor.submit("/login/linked", { account: "alice", password: closed.password });
    expect(linked.status).toBe(303);
    const again = createVisitor(closed);
    await signIn(again);
    expect(await whoIs(again)).toBe("alice");
  });

  test("invited people only, where the server wants that: each invitation once", async () => {
    const invited = await start({ ...ids, ARTDAG_REGISTRATION: "invite" });
    const visitor = createVisitor(invited);
    await signIn(visitor);
    expect((await visitor.submit("/register/linked", { username: "guest_a" })).status).toBe(403);
    const code = await createInvite(invited.resources.web.db);
    // The code comes along from the page of the invitation.
    const page = await (await visitor.open(`/register?invite=${code}`)).text();
    expect(page).toContain(`/auth/oauth/github?invite=${code}`);
    expect((await signIn(visitor, "github", `?invite=${code}`)).text).toContain(`value="${code}"`);
    const taken = await visitor.submit("/register/linked", { username: "alice", invite: code });
    expect(taken.status).toBe(409);
    const good = await visitor.submit("/register/linked", { username: "guest_a", invite: code });
    expect(good.status).toBe(303);
    standIn.person = somebody();
    const second = createVisitor(invited);
    await signIn(second);
    expect((await second.submit("/register/linked", { username: "guest_b", invite: code })).status).toBe(403);
  });

  test("of two at once with one account elsewhere, one", async () => {
    const [one, two] = [createVisitor(server), createVisitor(server)];
    await signIn(one);
    await signIn(two);
    const answers = await Promise.all([
      one.submit("/register/linked", { username: "twin_a" }),
      two.submit("/register/linked", { username: "twin_b" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    const users = await query(server.databaseUrl, "select from users where username like 'twin%'");
    expect(users.length).toBe(1);
  });
});

describe("linking and unlinking", () => {
  async function listLinked(visitor: Visitor) {
    const response = await server.request("/settings/sign-ins", {
      headers: { Cookie: `sid=${visitor.cookies.get("sid")}`, Accept: "application/json" },
    });
    return (await response.json()) as {
      items: { id: number; provider: string; label: string }[];
      password: boolean;
      providers: { name: string; title: string }[];
    };
  }

  test("begins from the settings, is good for signing in, and ends there", async () => {
    const visitor = await register("linker");
    const sent = await visitor.submit("/settings/sign-ins", { link: "github" });
    expect(sent.headers.get("content-type")).toMatch(/^text\/html/);
    const { path, text } = await visitor.follow(sent);
    expect(path).toBe("/settings/sign-ins");
    expect(text).toContain(String(standIn.person["login"]));
    const { items, password: known, providers } = await listLinked(visitor);
    expect(items).toMatchObject([{ provider: "github", label: standIn.person["login"] }]);
    expect(known).toBe(true);
    expect(providers).toEqual([
      { name: "github", title: "GitHub" },
      { name: "google", title: "Google" },
    ]);
    const elsewhere = createVisitor(server);
    await signIn(elsewhere);
    expect(await whoIs(elsewhere)).toBe("linker");

    const unlinked = await visitor.submit("/settings/sign-ins", { unlink: String(items[0]?.id) });
    expect(unlinked.status).toBe(303);
    expect((await listLinked(visitor)).items).toEqual([]);
    expect((await signIn(createVisitor(server))).path).toBe("/register/linked");
  });

  test("works for who signs in here once with the password, which counts and must be right", async () => {
    await register("joiner");
    const visitor = createVisitor(server);
    await signIn(visitor, "github", "?next=/assets");
    const wrong = await visitor.submit("/login/linked", { account: "joiner", password: "wrong horse" });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toContain("The username or the password is wrong");
    const right = await visitor.submit("/login/linked", { account: "joiner", password });
    expect(right.headers.get("location")).toBe("/assets");
    expect(await whoIs(visitor)).toBe("joiner");
  });

  test("an account elsewhere is linked to one user", async () => {
    await registerElsewhere("first_owner");
    const other = await register("second_owner");
    const sent = await other.submit("/settings/sign-ins", { link: "github" });
    expect((await other.follow(sent)).status).toBe(409);
    expect((await listLinked(other)).items).toEqual([]);
  });

  test("T33 a page of another server begins none, and GET does not either", async () => {
    const visitor = await register("csrf_target");
    const cookie = `sid=${visitor.cookies.get("sid")}`;
    const forged = await server.request("/settings/sign-ins", {
      method: "POST",
      body: new URLSearchParams({ link: "github" }),
      headers: { Cookie: cookie, Origin: "https://evil.test", Accept: "text/html" },
    });
    expect(forged.status).toBe(403);
    expect(forged.headers.getSetCookie()).toEqual([]);
    // A sign-in that is begun by a link, even while somebody is signed in, links nothing.
    await signIn(visitor);
    expect((await listLinked(visitor)).items).toEqual([]);
  });

  test("T33 is refused where another user is signed in when the browser comes back", async () => {
    const visitor = await register("shared_one");
    await register("shared_two");
    for (const next of [undefined, "shared_two"]) {
      const sent = await visitor.submit("/settings/sign-ins", { link: "github" });
      await visitor.submit("/auth/logout", {});
      if (next != null) await visitor.submit("/login", { username: next, password });
      expect((await visitor.follow(sent)).status).toBe(403);
      await visitor.submit("/login", { username: next ?? "shared_one", password });
      expect((await listLinked(visitor)).items).toEqual([]);
    }
  });

  test("never ends the last way in; with a password it may", async () => {
    const visitor = await registerElsewhere("stranded");
    const [item] = (await listLinked(visitor)).items;
    const refused = await visitor.submit("/settings/sign-ins", { unlink: String(item?.id) });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain("Set a password first");
    expect((await listLinked(visitor)).items.length).toBe(1);

    expect((await visitor.submit("/settings/password", { new_password: password })).status).toBe(200);
    expect((await visitor.submit("/settings/sign-ins", { unlink: String(item?.id) })).status).toBe(303);
    const login = await server.json("POST", "/auth/login", { username: "stranded", password });
    expect(login.status).toBe(200);
  });

  test("a provider that this server has no more is no way in", async () => {
    const visitor = await registerElsewhere("left_over");
    await query(
      server.databaseUrl,
      "insert into sign_ins (provider, subject, user_id, label) select 'discord', 'd1', id, 'd' from users where username = 'left_over'",
    );
    const items = (await listLinked(visitor)).items;
    const github = items.find(({ provider }) => provider === "github");
    expect((await visitor.submit("/settings/sign-ins", { unlink: String(github?.id) })).status).toBe(409);
  });

  test("T38 nobody unlinks what is another's", async () => {
    const owner = await register("link_owner");
    await owner.follow(await owner.submit("/settings/sign-ins", { link: "github" }));
    const [item] = (await listLinked(owner)).items;
    const other = await register("link_thief");
    for (const id of [String(item?.id), "0", "-1", "1e3", "x", "9".repeat(30)]) {
      expect((await other.submit("/settings/sign-ins", { unlink: id })).status).toBe(404);
    }
    const token = await server.register("link_robot");
    expect((await server.json("DELETE", `/settings/sign-ins/${item?.id}`, undefined, token)).status).toBe(
      404,
    );
    expect((await listLinked(owner)).items.length).toBe(1);
  });
});

describe("what is offered", () => {
  test("are the providers that are configured, on the pages to sign in, to register and in the settings", async () => {
    const github = await start({ GITHUB_ID: oauthClient.id, GITHUB_SECRET: oauthClient.secret });
    const none = await start({});
    const read = async (at: TestServer, path: string) =>
      await (await at.request(path, { headers: { Accept: "text/html" } })).text();
    for (const path of ["/login", "/register"]) {
      const page = await read(github, path);
      expect(page).toContain("Continue with GitHub");
      expect(page).not.toMatch(/Google|Discord/);
      expect(await read(none, path)).not.toMatch(/GitHub|Google|Discord|oauth/);
    }
    expect((await github.request("/auth/oauth/google")).status).toBe(404);
    expect((await none.request("/auth/oauth/github")).status).toBe(404);
    expect((await none.request("/auth/oauth/constructor")).status).toBe(404);
    const visitor = createVisitor(github);
    await visitor.submit("/login", { username: "alice", password: github.password });
    const settings = await (await visitor.open("/settings/sign-ins")).text();
    expect(settings).toContain("Link an account at GitHub");
    expect(settings).not.toMatch(/Google|Discord/);
  });

  test("Discord is one of them", async () => {
    const discord = await start({ DISCORD_ID: oauthClient.id, DISCORD_SECRET: oauthClient.secret });
    standIn.person = { id: "8035111000", username: "nelly" };
    const visitor = createVisitor(discord);
    expect((await signIn(visitor, "discord")).text).toContain("nelly");
    expect((await visitor.submit("/register/linked", { username: "nelly" })).status).toBe(303);
    const [row] = await query(discord.databaseUrl, "select provider, subject, label from sign_ins");
    expect(row).toEqual({ provider: "discord", subject: "8035111000", label: "nelly" });
  });
});
