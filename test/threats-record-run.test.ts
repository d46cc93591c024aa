import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lie, type LyingL1, startLyingL1 } from "./helpers/lying-l1.ts";
import { createWorld, type GuardedServer, startGuardedServer } from "./helpers/remotes.ts";
import { startScriptedL1 } from "./helpers/scripted-l1.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const tables = ["assets", "runs", "activities", "publications", "deliveries"];

/** How many rows there are of what a recorded run leaves. */
async function countRows(server: Pick<TestServer, "databaseUrl">): Promise<Json> {
  const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`);
  const [row] = await query(server.databaseUrl, `select ${counts.join(", ")}`);
  return row;
}

const nothing = Object.fromEntries(tables.map((table) => [table, 0]));

describe("T29 record-run as SSRF or confused deputy", () => {
  const world = createWorld();
  let server: GuardedServer;
  let token: string;

  beforeAll(async () => {
    await world.open("l1.test");
    await world.open("evil.test");
    await world.open("l1.test.evil.test");
    server = await startGuardedServer(world, { L1_SERVERS: "https://l1.test" });
    token = await server.register("carol");
  });

  const run = { run_id: "run-1", l1_server: "https://l1.test", output_name: "stolen" };

  test.each([
    "https://l1.test@evil.test",
    "https://l1.test:443@evil.test",
    "https://l1.test%40evil.test",
    "https://l1.test.evil.test",
    "https://evil.test/https://l1.test",
    "https://evil.test#https://l1.test",
    "https://evil.test?https://l1.test",
    "https:\\\\evil.test",
    "https://l1.test\\@evil.test",
    "http://l1.test",
    "https://l1.test:8443",
    "https://user@l1.test",
    "https://l1.test/auth/me?",
    "https://l1.test/x",
    "//l1.test",
    "l1.test",
    "https://127.0.0.1:8200",
    "http://169.254.169.254",
    "file:///etc/passwd",
    "",
  ])("the renderer %j is refused with 422, and nobody is asked", async (l1_server) => {
    const answer = await server.json("POST", "/assets/record-run", { ...run, l1_server }, token);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ field: "l1_server", message: "must be one of https://l1.test" }]);
    expect([world.connected, world.requests]).toEqual([[], []]);
    expect(await countRows(server)).toEqual(nothing);
  });

  test.each([
    "../../auth/me",
    "a%2f..",
    "a%2f..%2fauth",
    "..",
    ".",
    "",
    "a/b",
    "a?b",
    "a#b",
    "a b",
    "a\r\nHost: evil.test",
    "é",
    "a\u0000",
    "x".repeat(129),
  ])("the run id %j is refused with 422, and nobody is asked", async (run_id) => {
    const answer = await server.json("POST", "/assets/record-run", { ...run, run_id }, token);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ field: "run_id", message: expect.stringContaining("letters") }]);
    expect([world.connected, world.requests]).toEqual([[], []]);
    expect(await countRows(server)).toEqual(nothing);
  });

  test("the same renderer, asked for as it is configured, is asked once for that run and nothing else", async () => {
    const answer = await server.json("POST", "/assets/record-run", run, token);
    expect([answer.status, answer.body.detail]).toEqual([404, "https://l1.test has no run of that id."]);
    expect(world.requests).toEqual(["GET https://l1.test/runs/run-1"]);
    expect(await countRows(server)).toEqual(nothing);
  });
});

let server: TestServer;
let token: string;
let scripted: Awaited<ReturnType<typeof startScriptedL1>>;
/** No port that is given to whoever wants any. */
const nobody = "http://127.0.0.1:1";
const liars = new Map<Lie, LyingL1>();
const told: Lie[] = [
  ...([
    "refused",
    "silent",
    "slow",
    "html",
    "broken-json",
    "endless",
    "redirect",
    "error",
    "unknown",
  ] as const),
  ...(["wrong-run-id", "no-hash", "no-output", "others-run", "running", "failed"] as const),
  ...(["wrong-hash", "endless-output", "none"] as const),
];

beforeAll(async () => {
  scripted = await startScriptedL1();
  for (const lie of told) liars.set(lie, await startLyingL1(lie));
  afterAll(() => Promise.all([...liars.values()].map((liar) => liar.stop())));
  server = await startTestServer({
    ARTDAG_USER: "root_user",
    L1_SERVERS: [nobody, ...[scripted, ...liars.values()].map(({ origin }) => origin)].join(","),
    LIMIT_HASHED_MIB: "1",
  });
  token = await server.register("alice");
});

function getLiar(lie: Lie): LyingL1 {
  const liar = liars.get(lie);
  if (liar == null) throw new Error(`nobody tells ${lie}`);
  return liar;
}

function record(l1_server: string, fields: object = {}) {
  const run = { run_id: "run-1", l1_server, output_name: "output", ...fields };
  return server.json("POST", "/assets/record-run", run, token);
}

describe("T30 recording another's run", () => {
  test.each([
    ["bob", 403, { username: "bob" }],
    ["alice of another server", 403, { username: "@alice@evil.test" }],
    ["alice of another port", 403, { username: "alice@localhost:1" }],
    ["an actor of another server", 403, { username: "https://evil.test/users/alice" }],
    ["a URL that only begins like hers", 403, { username: "ORIGIN/users/alice/../bob" }],
    ["others who asked for it", 403, { username: "bob", requesters: ["bob", "carol"] }],
    ["others, who do not begin it", 403, { requesters: ["alicex", "xalice"] }],
    ["her, but it runs", 409, { username: "alice", status: "running" }],
    ["her, but it failed", 409, { username: "alice", status: "failed", error: "no <memory>" }],
    ["bob, while it runs, which is not for her to know", 403, { username: "bob", status: "running" }],
  ])("of %s is refused with %i", async (_, status, fields) => {
    const hash = scripted.setFile("output");
    const text = JSON.stringify({ output_hash: hash, ...fields });
    scripted.setRun("run-1", JSON.parse(text.replaceAll("ORIGIN", server.origin)));
    const answer = await record(scripted.origin);
    expect(answer.status).toBe(status);
    expect(await countRows(server)).toEqual(nothing);
    expect(scripted.requests.map(({ line }) => line)).not.toContain(`HEAD /cache/${hash}`);
  });
});

describe("F21 a renderer that is down, slow or lying", () => {
  const lies: [Lie, number, RegExp][] = [
    ["silent", 504, /did not answer in time/],
    ["slow", 504, /did not answer in time/],
    ["html", 502, /answered with text\/html, not with JSON/],
    ["broken-json", 502, /answered with something that is not JSON/],
    ["endless", 502, /the answer has more than 1048576 bytes/],
    ["redirect", 502, /redirects more often than is followed/],
    ["error", 502, /answered with HTTP status 500/],
    ["unknown", 404, /has no run of that id/],
    ["wrong-run-id", 502, /answered with another run than it was asked for/],
    ["no-hash", 502, /output_hash is neither a SHA3-256 hash nor a CID/],
    ["no-output", 502, /output_hash is missing/],
    ["others-run", 403, /somebody else's/],
    ["running", 409, /its status is "running"/],
    ["failed", 409, /its status is "failed".* It says: out of memory$/],
  ];

  test.concurrent.each(lies)(
    "%s is answered with %i, in words of its own, within 11 s",
    async (lie, status, detail) => {
      const l1 = getLiar(lie);
      const began = Date.now();
      const answer = await record(l1.origin);
      expect(Date.now() - began).toBeLessThan(11_000);
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.body.detail).toMatch(detail);
      expect(l1.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /runs/run-1"]);
      expect(await countRows(server)).toEqual(nothing);
    },
    30_000,
  );

  test.concurrent.each<[Lie, RegExp]>([
    ["wrong-hash", /serves another file than its run names: SHA3-256 [0-9a-f]{64} instead of [0-9a-f]{64}\./],
    ["endless-output", /the answer has more than 1048576 bytes/],
  ])("%s is found out where the bytes are checked, and answered with 502", async (lie, detail) => {
    const answer = await record(getLiar(lie).origin, { verify_bytes: true });
    expect([answer.status, answer.body.detail]).toEqual([502, expect.stringMatching(detail)]);
    expect(await countRows(server)).toEqual(nothing);
  });

  test("nobody there is answered with 502", async () => {
    const answer = await record(nobody);
    expect([answer.status, answer.body.detail]).toEqual([
      502,
      expect.stringMatching(/can't be used: .*refused/i),
    ]);
    expect(await countRows(server)).toEqual(nothing);
  });

  test("a renderer that tells the run and then falls silent costs eleven seconds at most", async () => {
    scripted.setRun("run-1", { output_hash: "d".repeat(64) });
    scripted.setAnswer(`/cache/${"d".repeat(64)}`, () => undefined);
    const began = Date.now();
    expect((await record(scripted.origin)).status).toBe(504);
    expect(Date.now() - began).toBeLessThan(11_000);
    expect(await countRows(server)).toEqual(nothing);
  }, 30_000);

  test("the same renderer, where it is honest, is believed", async () => {
    expect((await record(getLiar("none").origin, { verify_bytes: true })).status).toBe(201);
    expect(await countRows(server)).toMatchObject({ assets: 1, runs: 1, activities: 1 });
  });
});
