import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";

const json = "application/json";
const form = "application/x-www-form-urlencoded";

let server: TestServer;
let database: Client;
let token: string;

beforeAll(async () => {
  server = await startTestServer();
  token = await server.register("bob");
  database = new Client({ connectionString: server.databaseUrl });
  await database.connect();
  const work = { name: "there", content_hash: "f".repeat(64), asset_type: "image" };
  await server.json("POST", "/assets", work, token);
});
afterAll(() => database.end());

/** How many rows every table has, but for the counters of attempts, and which key files there are. */
async function takeStock(): Promise<{ tables: Record<string, number>; files: string[] }> {
  const { rows } = await database.query<{ name: string; count: string }>(`
    select table_schema || '.' || table_name as name, (xpath('/row/count/text()',
      query_to_xml(format('select count(*) from %I.%I', table_schema, table_name), false, true, '')))[1]::text as count
    from information_schema.tables
    where table_type = 'BASE TABLE' and table_name <> 'attempts' and (table_schema = 'public' or table_name = 'job')`);
  const names = rows.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["public.assets", "public.tokens", "pgboss.job"]));
  const files = await readdir(path.join(server.dataDirectory, "keys"));
  return {
    tables: Object.fromEntries(rows.map(({ name, count }) => [name, Number(count)])),
    files: files.toSorted(),
  };
}

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

function post(
  target: string,
  body: Body,
  type: string | undefined = json,
  headers: Record<string, string> = {},
) {
  return server.request(target, {
    method: "POST",
    body,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(type === "" ? {} : { "Content-Type": type }),
      ...headers,
    },
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  } as RequestInit);
}

/** Reads as the user. */
function read(target: string): Promise<Response> {
  return server.request(target, { headers: { Authorization: `Bearer ${token}` } });
}

/** Sends the target as it stands; `fetch` would put it in order first. */
function getRaw(target: string): Promise<{ status: number; type: string; text: string }> {
  const { port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path: target }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", text }),
      );
    });
    request.on("error", reject);
    request.end();
  });
}

/** Reads a problem and holds it against what every problem must be. */
async function readProblem(response: Response): Promise<{ status: number; fields: string[] }> {
  const text = await response.text();
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.status).toBeLessThan(500);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(text).not.toMatch(/"stack"|node_modules|\.tsx?:\d|\bat \S+ \(|expected string|SQLSTATE/);
  const problem: Json = JSON.parse(text);
  expect(problem).toMatchObject({
    type: "about:blank",
    status: response.status,
    title: expect.stringMatching(/\w/),
    detail: expect.stringMatching(/\w/),
  });
  for (const { field, message } of problem.errors ?? []) {
    expect(field).toMatch(/\w/);
    expect(message).toMatch(/\w/);
  }
  return { status: response.status, fields: (problem.errors ?? []).map(({ field }: Json) => field) };
}

function nest(depth: number, open: string, close: string): string {
  return open.repeat(depth) + "1" + close.repeat(depth);
}

const encode = (text: string) => new TextEncoder().encode(text);

/** A stream is sent in chunks, without saying how long it is. */
function stream(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new Uint8Array(65_536).fill(32));
      left -= 65_536;
    },
  });
}

/** Bodies that are wrong wherever JSON is wanted. */
const wrongBodies: [
  what: string,
  status: number,
  body: () => Body,
  type?: string,
  headers?: Record<string, string>,
][] = [
  ["an empty body", 400, () => ""],
  ["JSON that stops", 400, () => '{"name": "x"'],
  ["JSON with something behind it", 400, () => "{} x"],
  ["JSON with single quotes", 400, () => "{'name': 'x'}"],
  ["NaN", 400, () => '{"name": NaN}'],
  ["null", 400, () => "null"],
  ["a list", 400, () => "[]"],
  ["a string", 400, () => '"x"'],
  ["a number", 400, () => "42"],
  ["true", 400, () => "true"],
  ["a list 10,000 deep", 400, () => nest(10_000, "[", "]")],
  ["an object 10,000 deep", 422, () => nest(10_000, '{"name":', "}")],
  ["an empty object", 422, () => "{}"],
  [
    "fields in __proto__",
    422,
    () => '{"__proto__": {"username": "mallory", "password": "long enough", "name": "x"}}',
  ],
  ["fields in constructor.prototype", 422, () => '{"constructor": {"prototype": {"username": "mallory"}}}'],
  ["bytes that are no UTF-8", 400, () => new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  [
    "an overlong UTF-8 slash",
    400,
    () => new Uint8Array([...encode('{"name":"'), 0xc0, 0xaf, ...encode('"}')]),
  ],
  [
    "a surrogate in UTF-8",
    400,
    () => new Uint8Array([...encode('{"name":"'), 0xed, 0xa0, 0x80, ...encode('"}')]),
  ],
  [
    "UTF-16",
    400,
    () => new Uint8Array(Buffer.from('{"name":"x"}', "utf16le")),
    "application/json; charset=utf-16",
  ],
  ["metadata 10,000 deep", 422, () => `{"metadata":${nest(10_000, '{"a":', "}")}}`],
  ["a NUL byte", 400, () => '{"name":"a\0b"}'],
  ["gzip", 400, () => new Uint8Array(gzipSync("{}")), json, { "Content-Encoding": "gzip" }],
  ["no content type", 415, () => encode("{}"), ""],
  ["text/plain", 415, () => "{}", "text/plain"],
  ["application/jsonp", 415, () => "{}", "application/jsonp"],
  ["application/activity+json", 415, () => "{}", "application/activity+json"],
  ["multipart/form-data", 415, () => "--x\r\n\r\n--x--", "multipart/form-data; boundary=x"],
  ["a content type that is none", 415, () => "{}", ";;;"],
  ["one byte over 256 KiB", 413, () => " ".repeat(256 * 1024 + 1)],
  ["10 MB in chunks", 413, () => stream(10_000_000)],
];

type FieldCase = [what: string, change: Record<string, unknown>, field: string];

const work = { name: "wrong", content_hash: "a".repeat(64), asset_type: "image" };
const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });

const wrongAssets: FieldCase[] = [
  ...([undefined, null, 1, true, [], {}] as const).map((value): FieldCase => [
    `name ${JSON.stringify(value)}`,
    { name: value },
    "name",
  ]),
  ["an empty name", { name: "" }, "name"],
  ["a blank name", { name: " \u00a0\u3000" }, "name"],
  ["a name with NUL", { name: "a\0b" }, "name"],
  ["a name with a lone surrogate", { name: "a\ud800" }, "name"],
  ["a name with a line break", { name: "a\nb" }, "name"],
  ["a name with an escape", { name: "\u001b[31mred" }, "name"],
  ["a name with C1 control", { name: "a\u0085b" }, "name"],
  ["a name with a direction override", { name: "gpj.\u202etxt" }, "name"],
  ["a name with a direction isolate", { name: "\u2066x" }, "name"],
  ["a name with a slash", { name: "a/b" }, "name"],
  ["a name with a backslash", { name: "a\\b" }, "name"],
  ["the name .", { name: "." }, "name"],
  ["the name ..", { name: ".." }, "name"],
  ["a name of 256 characters", { name: "é".repeat(256) }, "name"],
  ["no hash", { content_hash: undefined }, "content_hash"],
  ["an empty hash", { content_hash: "" }, "content_hash"],
  ["63 digits", { content_hash: "a".repeat(63) }, "content_hash"],
  ["65 digits", { content_hash: "a".repeat(65) }, "content_hash"],
  ["a digit that is none", { content_hash: `${"a".repeat(63)}g` }, "content_hash"],
  ["full-width digits", { content_hash: "１".repeat(64) }, "content_hash"],
  ["another algorithm", { content_hash: `sha256:${"a".repeat(64)}` }, "content_hash"],
  ["a hash and a line break", { content_hash: `${"a".repeat(64)}\n` }, "content_hash"],
  ["a hash as number", { content_hash: 12 }, "content_hash"],
  ["a CID with a wrong letter", { content_hash: `Qm${"0".repeat(44)}` }, "content_hash"],
  ["no type", { asset_type: undefined }, "asset_type"],
  ["an unknown type", { asset_type: "poem" }, "asset_type"],
  ["a type in upper case", { asset_type: "Image" }, "asset_type"],
  ["a type that every object has", { asset_type: "constructor" }, "asset_type"],
  ["types in a list", { asset_type: ["image"] }, "asset_type"],
  ["tags as text", { tags: "art" }, "tags"],
  ["a tag as number", { tags: ["a", 1] }, "tags.1"],
  ["a blank tag", { tags: [" # "] }, "tags.0"],
  ["51 tags", { tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }, "tags"],
  ["a tag of 101 characters", { tags: ["x".repeat(101)] }, "tags.0"],
  ["a tag with NUL", { tags: ["a\0"] }, "tags.0"],
  ["a tag with a lone surrogate", { tags: ["\udfff"] }, "tags.0"],
  ["metadata as list", { metadata: [] }, "metadata"],
  ["metadata as text", { metadata: "{}" }, "metadata"],
  ["metadata of 17 KiB", { metadata: { x: "x".repeat(17 * 1024) } }, "metadata"],
  ["metadata 17 deep", { metadata: deep(17) }, "metadata"],
  ["metadata with @context", { metadata: { a: [{ "@context": {} }] } }, "metadata"],
  ["metadata with proof", { metadata: { a: { proof: {} } } }, "metadata"],
  ["metadata with publicKeyPem", { metadata: { publicKeyPem: "x" } }, "metadata"],
  ["metadata with __proto__", { metadata: JSON.parse('{"__proto__": {"x": 1}}') }, "metadata"],
  ["metadata with NUL in a key", { metadata: { "a\0": 1 } }, "metadata"],
  ["metadata with a lone surrogate", { metadata: { a: "\ud800" } }, "metadata"],
  ["a description of 10,001 characters", { description: "x".repeat(10_001) }, "description"],
  ["a description with a bell", { description: "\u0007" }, "description"],
  ["a description as object", { description: { toString: "x" } }, "description"],
  ["a url that is none", { url: "not a url" }, "url"],
  ["a javascript: url", { url: "javascript:alert(1)" }, "url"],
  ["a data: url", { url: "data:text/html,x" }, "url"],
  ["a url with a password", { url: "https://user:secret@host.test/" }, "url"],
  ["a url of 2,049 characters", { url: `https://host.test/${"x".repeat(2031)}` }, "url"],
  ["a preview at ftp:", { preview_url: "ftp://host.test/x" }, "preview_url"],
  ["a media type without subtype", { media_type: "image" }, "media_type"],
  ["a media type with markup", { media_type: "image/<b>" }, "media_type"],
  ["a width of 0", { width: 0 }, "width"],
  ["a width of 1.5", { width: 1.5 }, "width"],
  ["a width as text", { width: "5" }, "width"],
  ["a height of 2^53", { height: 2 ** 53 }, "height"],
  ["a duration of 0", { duration: 0 }, "duration"],
  ["a duration of -1", { duration: -1 }, "duration"],
  ["a duration as text", { duration: "1" }, "duration"],
  ["an alt text of 1,501 characters", { alt: "x".repeat(1501) }, "alt"],
  ["a short BlurHash", { blurhash: "abc" }, "blurhash"],
  ["a licence of 256 characters", { license: "x".repeat(256) }, "license"],
  ["a language that is none", { language: "not_a_language" }, "language"],
  ["an empty language", { language: "" }, "language"],
  ["sensitive as text", { sensitive: "true" }, "sensitive"],
  ["a warning of 501 characters", { content_warning: "x".repeat(501) }, "content_warning"],
  ["a post for somebody", { post: "followers" }, "post"],
];

const account = { username: "mallory", password: "long enough" };

const wrongAccounts: FieldCase[] = [
  ...([undefined, null, 1, true, [], {}] as const).map((value): FieldCase => [
    `username ${JSON.stringify(value)}`,
    { username: value },
    "username",
  ]),
  ...([undefined, null, 12_345_678, ["long enough"], {}] as const).map((value): FieldCase => [
    `password ${JSON.stringify(value)}`,
    { password: value },
    "password",
  ]),
  ...[
    "",
    " ",
    "x".repeat(31),
    "a b",
    "a-b",
    "a.b",
    "../x",
    "a/b",
    "a\\b",
    "a%2fb",
    "a\0",
    "a\n",
    "\u202ebob",
    "\ud800",
  ].map((username): FieldCase => [`username ${JSON.stringify(username)}`, { username }, "username"]),
  ...["admin", "ADMIN", "root", "api", "instance", "inbox"].map((username): FieldCase => [
    `the reserved username ${username}`,
    { username },
    "username",
  ]),
  ...["аlice", "ａlice", "alıce", "al\u200bice", "İ", "instance.actor"].map((username): FieldCase => [
    `the look-alike ${JSON.stringify(username)}`,
    { username },
    "username",
  ]),
  ["a password of 7 bytes", { password: "1234567" }, "password"],
  ["a password of 1,025 bytes", { password: "x".repeat(1025) }, "password"],
  ["a password of 1,026 bytes in 513 characters", { password: "é".repeat(513) }, "password"],
  ["a password with NUL", { password: "long\0enough" }, "password"],
  ["a password with a lone surrogate", { password: "long enough\ud800" }, "password"],
  ["an email without @", { email: "nobody" }, "email"],
  ["an email with a line break", { email: "a@b.test\nBcc: c@d.test" }, "email"],
  ["an email with NUL", { email: "a\0@b.test" }, "email"],
  ["an email of 255 characters", { email: `${"a".repeat(60)}@${"b".repeat(190)}.test` }, "email"],
  ["an email as list", { email: ["a@b.test"] }, "email"],
];

const wrongCredentials: FieldCase[] = [
  ...([undefined, null, 1, true, [], {}, "x".repeat(201)] as const).map((value): FieldCase => [
    `username ${JSON.stringify(value)?.slice(0, 20)}`,
    { username: value },
    "username",
  ]),
  ...([undefined, null, 1, true, [], {}, "x".repeat(4097)] as const).map((value): FieldCase => [
    `password ${JSON.stringify(value)?.slice(0, 20)}`,
    { password: value },
    "password",
  ]),
];

const refusedCredentials: unknown[] = [
  { username: "bob", password: "" },
  { username: "bob", password: "\0" },
  { username: "bob", password: "\ud800" },
  { username: "bob\0", password: "correct horse battery" },
  { username: " bob", password: "correct horse battery" },
  { username: "\ud800", password: "x" },
  { username: "' or 1=1 --", password: "' or 1=1 --" },
  { username: "", password: "" },
  { username: "instance.actor", password: "x" },
];

describe.each([
  ["/assets", work, wrongAssets],
  ["/auth/register", account, wrongAccounts],
  ["/auth/login", account, wrongCredentials],
])("POST %s", (target, valid, wrongFields) => {
  test.each(wrongBodies)(
    "refuses %s with %i, and stores nothing",
    async (_what, status, body, type, headers) => {
      const before = await takeStock();
      const problem = await readProblem(await post(target, body(), type, headers));
      expect(problem.status).toBe(status);
      expect(problem.fields.length > 0).toBe(status === 422);
      expect(await takeStock()).toEqual(before);
    },
  );

  test.each(wrongFields)("refuses %s, names the field, and stores nothing", async (_what, change, field) => {
    const before = await takeStock();
    const problem = await readProblem(await post(target, JSON.stringify({ ...valid, ...change })));
    expect(problem).toEqual({ status: 422, fields: [field] });
    expect(await takeStock()).toEqual(before);
  });
});

test("a form is no body for POST /assets", async () => {
  const fields = new URLSearchParams(work).toString();
  expect((await readProblem(await post("/assets", fields, form))).status).toBe(415);
});

test("numbers beyond those of JSON are refused", async () => {
  for (const [field, text] of [
    ["metadata", '{"metadata": {"x": 1e999}}'],
    ["duration", '{"duration": 1e999}'],
    ["width", '{"width": -1e999}'],
  ]) {
    const { fields } = await readProblem(await post("/assets", text ?? ""));
    expect(fields).toContain(field);
  }
});

test("every field at fault is named, not only the first", async () => {
  const body = { name: "", content_hash: "", asset_type: "", tags: [1, "ok", ""], width: 0, sensitive: 1 };
  const { fields } = await readProblem(await post("/assets", JSON.stringify(body)));
  expect(fields).toEqual(["name", "content_hash", "asset_type", "tags.0", "tags.2", "width", "sensitive"]);
});

test.each(refusedCredentials)("POST /auth/login answers %j like any wrong password", async (credentials) => {
  const before = await takeStock();
  const problem = await readProblem(await post("/auth/login", JSON.stringify(credentials)));
  expect(problem.status).toBe(401);
  expect(await takeStock()).toEqual(before);
});

test("no body of chance does anything or breaks anything", async () => {
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.anything({ withNullPrototype: false }),
    fc.constant(null),
  );
  const record = fc.record(
    {
      name: value,
      content_hash: fc.oneof(value, fc.string({ unit: fc.constantFrom("a", "0", "z"), maxLength: 63 })),
      asset_type: fc.oneof(value, fc.constant("image")),
      tags: fc.oneof(value, fc.array(value)),
      metadata: fc.oneof(value, fc.object()),
      username: fc
        .oneof(value, fc.string({ unit: "binary" }))
        .map((name) => (typeof name === "string" ? ` ${name}` : name)),
      password: value,
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(
    record.map((fields) => encode(JSON.stringify(fields) ?? "")),
    fc.json().map(encode),
    fc.string({ unit: "binary" }).map(encode),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)),
  );
  const before = await takeStock();
  const targets = fc.constantFrom("/assets", "/auth/register", "/auth/login");
  await fc.assert(
    fc.asyncProperty(targets, body, async (target, bytes) => {
      await readProblem(await post(target, bytes));
    }),
    { numRuns: 200 },
  );
  expect(await takeStock()).toEqual(before);
});

describe("following", () => {
  test.each([
    "",
    "   ",
    "\0",
    "@bob@\0",
    "\ud800",
    "nobody",
    "x".repeat(2049),
    1,
    null,
    ["@a@b.test"],
    undefined,
  ])("refuses the handle %j", async (handle) => {
    const before = await takeStock();
    for (const method of ["POST", "DELETE"]) {
      const response = await server.request("/users/bob/following", {
        method,
        body: JSON.stringify({ handle }),
        headers: { "Content-Type": json, Authorization: `Bearer ${token}` },
      });
      expect(await readProblem(response)).toEqual({ status: 422, fields: ["handle"] });
    }
    expect(await takeStock()).toEqual(before);
  });

  test("is for oneself only", async () => {
    for (const username of ["alice", "nobody", "%00", "BOB"]) {
      const response = await post(`/users/${username}/following`, JSON.stringify({ handle: "@a@b.test" }));
      expect((await readProblem(response)).status).toBe(403);
    }
  });
});

describe("lists", () => {
  const lists = ["/assets", "/activities", "/users", "/home"];
  const limits = ["-1", "0", "101", "1e9", "1e1", "abc", "", "1.5", "%2010", "0x10", "%00", "١"];
  const cursors = ["-1", "abc", "1e3", "", "%00", "1.0", "9".repeat(16), "9223372036854775808", "'"];

  test.each(lists)("%s refuses limits and cursors that are none", async (list) => {
    for (const [field, values] of [["limit", limits] as const, ["cursor", cursors] as const]) {
      for (const value of values) {
        const problem = await readProblem(await read(`${list}?${field}=${value}`));
        expect({ value, ...problem }).toEqual({ value, status: 400, fields: [field] });
      }
    }
  });

  test.each([
    ["type=poem", "type"],
    ["type=%00", "type"],
    ["type=constructor", "type"],
    ["q=%00", "q"],
    ["tag=a%00", "tag"],
    ["owner=%00", "owner"],
    [`q=${"x".repeat(256)}`, "q"],
    [`owner=${"x".repeat(256)}`, "owner"],
  ])("/assets?%s is refused", async (query, field) => {
    expect(await readProblem(await read(`/assets?${query}`))).toEqual({ status: 400, fields: [field] });
  });

  test("the largest cursor that is one finds the beginning, and the smallest the end", async () => {
    for (const list of ["/assets", "/activities"]) {
      expect((await server.json("GET", `${list}?cursor=999999999999999`)).body.total).toBe(1);
      expect((await server.json("GET", `${list}?cursor=0`)).body.next).toBeNull();
    }
  });
});

describe("addresses", () => {
  test.each([
    "/%ZZ",
    "/%00",
    "/%",
    "/assets/%ZZ",
    "/assets/%00",
    "/assets/%FF%FE",
    "/assets/%ED%A0%80",
    "/assets/a%2Fb",
    "/assets/..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e%2fauth%2fme",
    "/assets/...",
    "/asset/%00",
    "/asset/%ZZ",
    "/users/%ZZ",
    "/users/%00",
    "/users/..%2fbob",
    "/users/bob%00",
    "/users/%ZZ/outbox",
    "/users/%00/followers?cursor=1",
    "/objects/%00",
    "/objects/%ZZ",
    "/objects/x?format=json",
    `/objects/${"a".repeat(63)}`,
    `/objects/${"a".repeat(64)}`,
    `/objects/${"a".repeat(64)}?format=json`,
    "/../../etc/passwd",
    "/..%5c..%5cetc%5cpasswd",
    "/style.css/../../package.json",
    "//evil.test/%2e%2e",
    "/assets/",
    "/assets//",
    "/;jsessionid=1",
    "/assets;x=y",
    "/.env",
    "/keys/bob.pem",
    "/asset/__proto__",
    "/assets/constructor",
  ])("%s is not found", async (target) => {
    const { status, type, text } = await getRaw(target);
    expect({ status, type }).toEqual({ status: 404, type: "application/problem+json" });
    expect(JSON.parse(text).title).toBe("Not found");
  });

  test("a path of 20 kB is refused", async () => {
    const { status } = await getRaw(`/assets/${"a".repeat(20_000)}`);
    expect(status).toBe(431);
    const { status: shorter } = await getRaw(`/assets/${"a".repeat(10_000)}`);
    expect(shorter).toBe(404);
  });

  const hash = "f".repeat(64);
  const noIndex = [
    "-1",
    "01",
    "00",
    "1e3",
    "9223372036854775808",
    "9007199254740993",
    "1",
    "999",
    "+0",
    "0.0",
    "0x0",
  ];
  test.each([...noIndex, "%20 0".replace(" ", ""), "", "NaN", "0%00", "%D9%A0", "-0"])(
    "%j is no index of the log",
    async (index) => {
      for (const target of [`/activities/${index}`, `/notes/${index}`, `/objects/${hash}/${index}`]) {
        expect([target, (await getRaw(target)).status]).toEqual([target, 404]);
      }
    },
  );

  test("index 0 is one", async () => {
    const statuses = await Promise.all(
      ["/activities/0", "/notes/0"].map(async (target) => (await getRaw(target)).status),
    );
    expect(statuses).toEqual([200, 200]);
  });
});
