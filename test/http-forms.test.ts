import { beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./helpers/server.ts";

const password = "correct horse battery";
const page = { Accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" };

/** Sends a form as a page of the server would. */
function postForm(
  server: TestServer,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields);
  return server.request(path, {
    method: "POST",
    body,
    headers: { Origin: server.origin, ...page, ...headers },
  });
}

function postJson(server: TestServer, path: string, body: unknown, headers: Record<string, string> = {}) {
  return server.request(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** The cookie that an answer sets, as a browser sends it back. */
function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

/** What a page says is wrong with a field of its form. */
function errorOf(html: string, field: string): string | undefined {
  return new RegExp(`<a href="#field-${field}">[^<:]*: ([^<]*)</a>`).exec(html)?.[1];
}

describe("the session of a browser", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer();
    cookie = cookieOf(await postForm(server, "/register", { username: "bob", password, email: "" }));
  });

  test("registering by form sets the cookie, leads to the profile and is not stored by caches", async () => {
    const response = await postForm(server, "/register", { username: "Carol", password, email: "" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/users/carol");
    expect(response.headers.get("cache-control")).toBe("private, no-store");
    const [set = ""] = response.headers.getSetCookie();
    expect(set).toMatch(/^sid=[\w-]+\.[\w-]+\.[\w-]+; /);
    expect(set.split("; ").slice(1)).toEqual(
      expect.arrayContaining(["Path=/", "HttpOnly", "SameSite=Lax", expect.stringMatching(/^Expires=/)]),
    );
    expect(set).not.toContain("Secure");
    expect(set).not.toContain("Domain");
    const home = await server.request("/", { headers: { ...page, Cookie: cookieOf(response) } });
    expect(await home.text()).toContain("@carol");
  });

  test("signing in by form leads to the start page, and signing out ends the cookie's session", async () => {
    const signedIn = await postForm(server, "/login", { username: "BOB", password });
    expect(signedIn.status).toBe(303);
    expect(signedIn.headers.get("location")).toBe("/");
    const own = { Cookie: cookieOf(signedIn) };
    expect((await server.request("/auth/me", { headers: own })).status).toBe(200);
    const signedOut = await postForm(server, "/auth/logout", {}, own);
    expect(signedOut.status).toBe(303);
    expect(signedOut.headers.getSetCookie()[0]).toMatch(/^sid=; Max-Age=0; Path=\//);
    expect((await server.request("/auth/me", { headers: own })).status).toBe(401);
  });

  test("signing out in a second window is no error", async () => {
    const response = await postForm(server, "/auth/logout", {}, { Cookie: "sid=ended.long.ago" });
    expect(response.status).toBe(303);
    expect(response.headers.getSetCookie()[0]).toMatch(/^sid=; Max-Age=0/);
  });

  test.each<[string, Record<string, string>]>([
    ["a foreign Origin", { Origin: "https://evil.test" }],
    ["a foreign Origin that begins like ours", { Origin: "http://localhost.evil.test" }],
    ["the Origin of another port", { Origin: "http://localhost:1" }],
    ["the Origin null", { Origin: "null" }],
    ["Sec-Fetch-Site: cross-site", { "Sec-Fetch-Site": "cross-site" }],
    ["Sec-Fetch-Site: same-site", { "Sec-Fetch-Site": "same-site" }],
    ["Sec-Fetch-Site: none", { "Sec-Fetch-Site": "none" }],
    ["neither Origin nor Sec-Fetch-Site", {}],
  ])("T37 a change with the cookie and %s is refused and changes nothing", async (_title, headers) => {
    const asset = { name: "forged", content_hash: "a".repeat(64), asset_type: "image" };
    const attempts = [
      await postJson(server, "/assets", asset, { ...headers, Cookie: cookie }),
      await server.request("/new", {
        method: "POST",
        body: new URLSearchParams(asset),
        headers: { ...page, ...headers, Cookie: cookie },
      }),
      await server.request("/auth/logout", { method: "POST", headers: { ...headers, Cookie: cookie } }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect((await server.json("GET", "/assets/forged")).status).toBe(404);
    expect((await server.request("/auth/me", { headers: { Cookie: cookie } })).status).toBe(200);
  });

  test("T37 a foreign page can't sign a visitor in, who has no cookie yet", async () => {
    const response = await postForm(
      server,
      "/login",
      { username: "bob", password },
      { Origin: "https://evil.test" },
    );
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("our own Origin, or Sec-Fetch-Site: same-origin, lets the cookie change things", async () => {
    const own = [
      { Origin: server.origin },
      { "Sec-Fetch-Site": "same-origin" },
      { Origin: server.origin, "Sec-Fetch-Site": "same-origin" },
      // What browsers send under a strict referrer policy.
      { Origin: "null", "Sec-Fetch-Site": "same-origin" },
    ];
    const answers = await Promise.all(
      own.map((headers, index) =>
        postJson(
          server,
          "/assets",
          { name: `own ${index}`, content_hash: `${index}`.repeat(64), asset_type: "image" },
          { ...headers, Cookie: cookie } as Record<string, string>,
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });

  test("a token in the header is a program's own and needs no Origin, nor minds a foreign one", async () => {
    const { body } = await server.json("POST", "/auth/login", { username: "bob", password });
    const headers = { Authorization: `Bearer ${body.access_token}` };
    const foreign = [{}, { Origin: "https://evil.test" }, { "Sec-Fetch-Site": "cross-site" }];
    const answers = await Promise.all(
      foreign.map((extra, index) =>
        postJson(
          server,
          "/assets",
          { name: `program ${index}`, content_hash: `c${index}`.padEnd(64, "0"), asset_type: "image" },
          { ...headers, ...extra } as Record<string, string>,
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  });

  test("a header that is no token does not let the cookie through", async () => {
    const headers = { Cookie: cookie, Authorization: "Bearer x", Origin: "https://evil.test" };
    const response = await postJson(server, "/assets", {}, headers);
    expect(response.status).toBe(401);
  });

  test("T37 reading with the cookie from a foreign page is allowed, and changes nothing", async () => {
    const response = await server.request("/auth/me", {
      headers: { Cookie: cookie, Origin: "https://evil.test" },
    });
    expect(response.status).toBe(200);
  });

  test.each([
    ["/new", "/new"],
    ["/home?cursor=3&limit=5", "/home?cursor=3&limit=5"],
    ["/asset/a%20b", "/asset/a%20b"],
    ["//evil.test", "/"],
    ["///evil.test", "/"],
    ["https://evil.test", "/"],
    ["https:evil.test", "/"],
    ["/\\evil.test", "/"],
    ["\\\\evil.test", "/"],
    ["/\t/evil.test", "/"],
    ["/new\r\nSet-Cookie: x=y", "/"],
    ["javascript:alert(1)", "/"],
    ["new", "/"],
    ["", "/"],
  ])("after signing in, next=%j leads to %j", async (next, expected) => {
    const form = await server.request(`/login?next=${encodeURIComponent(next)}`, { headers: page });
    const [, hidden] = /name="next" value="([^"]*)"/.exec(await form.text()) ?? [];
    expect(hidden?.replaceAll("&amp;", "&")).toBe(expected);
    const response = await postForm(server, "/login", { username: "bob", password, next });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(expected);
  });
});

describe("forms with wrong input", () => {
  let server: TestServer;
  let cookie: string;
  beforeAll(async () => {
    server = await startTestServer();
    cookie = cookieOf(await postForm(server, "/register", { username: "bob", password }));
  });

  test("registering shows the form again with what was typed, but not the password", async () => {
    const fields = { username: "admin", password: "Secret-horse", email: "no address <b>" };
    const response = await postForm(server, "/register", fields);
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(text).toContain('value="admin"');
    expect(text).toContain("no address &lt;b&gt;");
    expect(errorOf(text, "username")).toBe("is reserved");
    expect(errorOf(text, "email")).toBe("must be an email address");
    expect(text).not.toContain("Secret-horse");
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("registering a taken name shows the form again with 409", async () => {
    const response = await postForm(server, "/register", { username: "bob", password });
    expect(response.status).toBe(409);
    expect(errorOf(await response.text(), "username")).toBe("is taken");
  });

  test("signing in wrongly shows the form again with 401, the name and the way on", async () => {
    const fields = { username: "bob", password: "Secret-horse", next: "/new" };
    const response = await postForm(server, "/login", fields);
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(text).toContain('value="bob"');
    expect(text).toContain('name="next" value="/new"');
    expect(text).not.toContain("Secret-horse");
  });

  test("a work is registered by form, and its page follows", async () => {
    const fields = {
      name: "By form",
      content_hash: `SHA3-256:${"AB".repeat(32)}`,
      asset_type: "image",
      tags: "sea, long exposure,,#sea ",
      description: "",
      post: "",
    };
    const response = await postForm(server, "/new", fields, { Cookie: cookie });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/asset/By%20form");
    const { body } = await server.json("GET", "/assets/By%20form");
    expect(body).toMatchObject({
      owner: "bob",
      content_hash: "ab".repeat(32),
      tags: ["sea", "long exposure"],
      description: null,
    });
    const shown = await server.request("/asset/By%20form", { headers: page });
    expect(await shown.text()).toContain("By form");
  });

  test("a work with wrong fields shows the form again with what was typed", async () => {
    const fields = {
      name: "a/b",
      content_hash: "12",
      asset_type: "recipe",
      description: "<i>Kept</i>",
      url: "ftp://x",
    };
    const response = await postForm(server, "/new", fields, { Cookie: cookie });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(text).toContain('value="a/b"');
    expect(text).toContain("&lt;i&gt;Kept&lt;/i&gt;");
    expect(text).toContain('<option value="recipe" selected');
    expect(errorOf(text, "name")).toBe("must not contain / or \\");
    expect(errorOf(text, "content_hash")).toMatch(/^must be a SHA3-256 hash/);
    expect(errorOf(text, "url")).toBe("must be an http or https URL");
  });

  test("an empty form says in plain words what is missing", async () => {
    const response = await postForm(server, "/new", {}, { Cookie: cookie });
    const text = await response.text();
    expect(response.status).toBe(422);
    expect(errorOf(text, "name")).toBe("is missing");
    expect(text).not.toMatch(/expected string|undefined/);
  });

  test("following nobody that can be found shows the form again with the handle", async () => {
    const handles = ["nobody", "", `${server.origin}/users/bob`, "\0"];
    for (const handle of handles) {
      const response = await postForm(server, "/home", { handle }, { Cookie: cookie });
      const text = await response.text();
      expect([handle, response.status]).toEqual([handle, 422]);
      expect(errorOf(text, "handle")).toBeDefined();
      expect(text).toContain(`value="${handle}"`);
    }
  });

  test("ending what was never a follow is an error, not a crash", async () => {
    const url = `${server.origin}/users/alice`;
    const statuses = [];
    for (const unfollow of [url, "nobody", "\0", "\ud800"]) {
      statuses.push((await postForm(server, "/home", { unfollow }, { Cookie: cookie })).status);
    }
    expect(statuses).toEqual([404, 422, 422, 422]);
  });

  test("whoever is not signed in is sent to the sign-in page, and a form of theirs is refused", async () => {
    const headers = page;
    const form = await server.request("/new", { headers });
    expect([form.status, form.headers.get("location")]).toEqual([303, "/login?next=/new"]);
    const home = await server.request("/home", { headers });
    expect([home.status, home.headers.get("location")]).toEqual([303, "/login?next=/home"]);
    expect((await postForm(server, "/new", { name: "x" })).status).toBe(401);
    expect((await postForm(server, "/home", { handle: "x" })).status).toBe(401);
  });

  test("a program that sends a wrong form hears it as a problem", async () => {
    const response = await server.request("/register", {
      method: "POST",
      body: new URLSearchParams({ username: "x y" }),
    });
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const { errors } = await response.json();
    expect(errors.map(({ field }: { field: string }) => field)).toEqual(["username", "password"]);
  });
});
