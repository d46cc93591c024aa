import { describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const password = "correct horse battery";

function from(server: TestServer, address: string, path: string, init: RequestInit = {}) {
  return server.request(path, { ...init, headers: { ...init.headers, "X-Forwarded-For": address } });
}

async function logIn(
  server: TestServer,
  username: string,
  options: { address?: string; password?: string; path?: "/login" | "/auth/login" } = {},
): Promise<Response> {
  const { address = "198.51.100.1", path = "/auth/login" } = options;
  const fields = { username, password: options.password ?? "wrong horse battery" };
  return await from(server, address, path, {
    method: "POST",
    ...(path === "/login"
      ? { body: new URLSearchParams(fields), headers: { Accept: "text/html", Origin: server.origin } }
      : { body: JSON.stringify(fields), headers: { "Content-Type": "application/json" } }),
  });
}

async function repeat<T>(times: number, work: (round: number) => Promise<T>): Promise<T[]> {
  const results = [];
  for (let round = 0; round < times; round++) results.push(await work(round));
  return results;
}

const isPassed = ({ status }: Response) => status !== 429;

describe("requests", () => {
  const behindProxy = { LIMIT_ADDRESS: "5", LIMIT_USER: "8", TRUSTED_PROXIES: "127.0.0.1, ::1" };

  test("beyond the limit of an address are 429 with Retry-After, and another address has its own", async () => {
    const server = await startTestServer(behindProxy);
    const answers = await repeat(6, () => from(server, "198.51.100.7", "/assets"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = answers[5];
    expect(refused?.headers.get("content-type")).toBe("application/problem+json");
    const wait = Number(refused?.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(300);
    expect(await refused?.json()).toMatchObject({ status: 429, title: "Too many requests" });
    expect((await from(server, "198.51.100.8", "/assets")).status).toBe(200);

    const page = await from(server, "198.51.100.7", "/", { headers: { Accept: "text/html" } });
    expect(page.status).toBe(429);
    expect(page.headers.get("content-type")).toMatch(/^text\/html/);
    expect(await page.text()).toContain("Too many requests");

    // Documents for other servers count alike.
    expect((await from(server, "198.51.100.7", "/users/alice")).status).toBe(429);
    expect((await from(server, "198.51.100.7", "/nothing-here")).status).toBe(429);
  });

  test("of health checks and static files are never counted, nor refused", async () => {
    const server = await startTestServer(behindProxy);
    const paths = ["/healthz", "/readyz", "/style.css", "/islands.js", "/favicon.svg", "/robots.txt"];
    const free = await repeat(12, (round) => server.request(paths[round % 6] ?? "/healthz"));
    expect(free.map(({ status }) => status)).toEqual(Array(12).fill(200));
    const counted = await repeat(6, () => server.request("/assets"));
    expect(counted.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await server.request("/healthz")).status).toBe(200);
    expect((await server.request("/style.css")).status).toBe(200);
  });

  test("of somebody who is signed in count as his, wherever he is, and not as his address'", async () => {
    const server = await startTestServer(behindProxy);
    const token = await server.register("bob");
    const other = await server.register("carol");
    const ask = (address: string, bearer: string) =>
      from(server, address, "/auth/me", { headers: { Authorization: `Bearer ${bearer}` } });
    const answers = await repeat(9, (round) => ask(`198.51.100.${round + 1}`, token));
    expect(answers.map(({ status }) => status)).toEqual([...Array(8).fill(200), 429]);
    expect((await ask("198.51.100.1", other)).status).toBe(200);
    // What bob asked from there took nothing from others behind the same address.
    const strangers = await repeat(5, () => from(server, "198.51.100.1", "/assets"));
    expect(strangers.map(({ status }) => status)).toEqual(Array(5).fill(200));
  });

  test("with a token that is none count as their address'", async () => {
    const server = await startTestServer(behindProxy);
    const answers = await repeat(6, (round) =>
      from(server, "198.51.100.9", "/assets", { headers: { Authorization: `Bearer made-up-${round}` } }),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test("of one IPv6 network of 64 bits count together", async () => {
    const server = await startTestServer(behindProxy);
    const answers = await repeat(6, (round) => from(server, `2001:db8:0:1::${round + 1}`, "/assets"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect((await from(server, "2001:db8:0:2::1", "/assets")).status).toBe(200);
  });

  test("with a forged X-Forwarded-For count as their own address'", async () => {
    const server = await startTestServer({ LIMIT_ADDRESS: "5" });
    const answers = await repeat(6, (round) => from(server, `198.51.100.${round}`, "/assets"));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  });
});

describe("signing in", () => {
  const usual = { LIMIT_LOGIN_ADDRESS: "25", LIMIT_LOGIN_ACCOUNT: "10" };

  test("T35 from one address works 25 times in five minutes, by form and JSON together, forged or not", async () => {
    const server = await startTestServer(usual);
    const answers = await repeat(26, (round) =>
      logIn(server, `nobody_${round}`, {
        address: `198.51.100.${round}`,
        path: round % 2 === 0 ? "/login" : "/auth/login",
      }),
    );
    expect(answers.filter(isPassed).length).toBe(25);
    expect(answers[25]?.status).toBe(429);
    expect(Number(answers[25]?.headers.get("retry-after"))).toBeLessThanOrEqual(300);
    // The right password doesn't help any more.
    const right = await logIn(server, "alice", { password: server.password });
    expect(right.status).toBe(429);
  });

  test("T35 to one account works 10 times in fifteen minutes, from wherever, whether it exists or not", async () => {
    const server = await startTestServer({ ...usual, TRUSTED_PROXIES: "127.0.0.1, ::1" });
    await server.register("bob");
    const tryAll = (name: string, spelt: string) =>
      repeat(11, (round) =>
        logIn(server, round === 4 ? spelt : name, {
          address: `198.51.100.${round}`,
          path: round % 2 === 0 ? "/login" : "/auth/login",
        }),
      );
    const known = await tryAll("bob", "BOB");
    const unknown = await tryAll("nobody", "Nobody");
    expect(known.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
    expect(unknown.map(({ status }) => status)).toEqual([...Array(10).fill(401), 429]);
    const tell = async (username: string) => {
      const answer = await logIn(server, username, { address: "203.0.113.1" });
      return { status: answer.status, body: await answer.text() };
    };
    expect(await tell("bob")).toEqual(await tell("nobody"));
    // Others still can.
    const alice = await logIn(server, "alice", { password: server.password, address: "203.0.113.1" });
    expect(alice.status).toBe(200);
  });

  test("T35 a right password takes nothing back of what an address has tried", async () => {
    const server = await startTestServer({ LIMIT_LOGIN_ADDRESS: "4", LIMIT_LOGIN_ACCOUNT: "100" });
    await server.register("bob");
    const answers = [
      await logIn(server, "alice"),
      await logIn(server, "alice"),
      await logIn(server, "bob", { password }),
      await logIn(server, "alice"),
      await logIn(server, "alice"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 401, 429]);
  });

  test("T35 an address that is refused takes nothing from the account", async () => {
    const server = await startTestServer({
      LIMIT_LOGIN_ADDRESS: "3",
      LIMIT_LOGIN_ACCOUNT: "4",
      TRUSTED_PROXIES: "127.0.0.1, ::1",
    });
    await repeat(20, () => logIn(server, "alice", { address: "198.51.100.1" }));
    const own = await logIn(server, "alice", { address: "203.0.113.1", password: server.password });
    expect(own.status).toBe(200);
  });

  test("T35 is counted for all processes of a database together", async () => {
    const limits = { LIMIT_LOGIN_ADDRESS: "4" };
    const first = await startTestServer(limits);
    const second = await startTestServer({
      ...limits,
      DATABASE_URL: first.databaseUrl,
      ARTDAG_DATA: first.dataDirectory,
      ARTDAG_ORIGIN: first.origin,
    });
    const answers = await repeat(5, (round) => logIn({ ...first, request: onto(round, first, second) }, "x"));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429]);
  });

  test("T35 50 attempts at once on one account are no more than 10", async () => {
    const server = await startTestServer({ LIMIT_LOGIN_ACCOUNT: "10" });
    const answers = await Promise.all(Array.from({ length: 50 }, () => logIn(server, "alice")));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 429).length).toBe(40);
  });

  test("the counters name nobody, and those that are over are forgotten", async () => {
    const server = await startTestServer();
    await logIn(server, "my secret password");
    const rows = () => query<{ row: string }>(server.databaseUrl, "select t::text as row from attempts t");
    expect((await rows()).length).toBe(2);
    expect(JSON.stringify(await rows())).not.toMatch(/secret|127\.0\.0\.1/);
    await query(server.databaseUrl, "update attempts set expires = now() - interval '1 second'");
    await logIn(server, "somebody else");
    expect((await rows()).length).toBe(2);
  });

  test("begins to count anew when the time is over", async () => {
    const server = await startTestServer({ LIMIT_LOGIN_ACCOUNT: "1" });
    const first = [await logIn(server, "alice"), await logIn(server, "alice")];
    expect(first.map(({ status }) => status)).toEqual([401, 429]);
    await query(server.databaseUrl, "update attempts set expires = now() - interval '1 second'");
    const second = [await logIn(server, "alice"), await logIn(server, "alice")];
    expect(second.map(({ status }) => status)).toEqual([401, 429]);
  });

  test("L8 a burst is checked two at a time: some wait, the rest are told at once to come back", async () => {
    const server = await startTestServer();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => logIn(server, at % 2 === 0 ? "alice" : `nobody_${at}`)),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...new Set(statuses)].toSorted()).toEqual([401, 503]);
    const refused = answers.find(({ status }) => status === 503);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused?.json()).toMatchObject({ title: "Service unavailable" });
    expect((await logIn(server, "alice", { password: server.password })).status).toBe(200);
  });
});

describe("registering", () => {
  test("works 10 times an hour from one address, by form and JSON together", async () => {
    const server = await startTestServer({ LIMIT_REGISTER: "10" });
    const answers = await repeat(11, (round) => {
      const fields = { username: `newcomer_${round}`, password: round < 9 ? password : "another horse" };
      return round % 2 === 0
        ? server.request("/register", {
            method: "POST",
            body: new URLSearchParams(fields),
            headers: { Accept: "text/html", Origin: server.origin },
          })
        : server.request("/auth/register", {
            method: "POST",
            body: JSON.stringify(fields),
            headers: { "Content-Type": "application/json" },
          });
    });
    expect(answers.filter(isPassed).length).toBe(10);
    expect(answers[10]?.status).toBe(429);
    expect(Number(answers[10]?.headers.get("retry-after"))).toBeGreaterThan(600);
    const users = await query(server.databaseUrl, "select from users where username like 'newcomer%'");
    expect(users.length).toBe(10);
  });
});

/** Sends the requests of a round to one of two servers in turn. */
function onto(round: number, first: TestServer, second: TestServer): TestServer["request"] {
  return (path, init) => fetch(new URL(path, (round % 2 === 0 ? first : second).address), init);
}
