import { randomBytes } from "node:crypto";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { listObjectChanges } from "../src/db/object-changes.ts";
import { listObjectStatuses } from "../src/db/objects.ts";
import type { Tables } from "../src/db/schema.ts";
import { createTestDatabase } from "./helpers/database.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

let server: TestServer;
let alice: string;
let bob: string;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_a" });
  alice = await server.register("alice");
  bob = await server.register("bob");
});

const newHash = () => randomBytes(32).toString("hex");
let names = 0;

async function register(hash: string, token = alice): Promise<Json> {
  const work = { name: `work ${++names}`, content_hash: hash, asset_type: "image", post: "none" };
  const { status, body } = await server.json("POST", "/assets", work, token);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.asset;
}

async function withdraw(asset: Json, token = alice): Promise<void> {
  const path = `/assets/${encodeURIComponent(asset.name)}`;
  expect((await server.json("DELETE", path, undefined, token)).status).toBe(200);
}

const ask = (hashes: unknown) => server.json("POST", "/objects/status", { hashes });
const changes = async (search: string) => (await server.json("GET", `/objects/changes${search}`)).body;

describe("POST /objects/status", () => {
  test("says of each hash, under the spelling that was asked, whether it is claimed, deleted or unknown", async () => {
    const claimed = await register(newHash());
    const deleted = await register(newHash());
    const cid = `bafybei${"a".repeat(52)}`;
    const byCid = await register(cid);
    await withdraw(deleted);
    const upper = claimed.content_hash.toUpperCase();
    const unknown = newHash();
    const { status, body } = await ask([
      claimed.content_hash,
      upper,
      `sha3-256:${claimed.content_hash}`,
      deleted.content_hash,
      cid,
      unknown,
    ]);
    expect(status).toBe(200);
    const known = { status: "claimed", first_index: claimed.index };
    expect(body).toEqual({
      objects: {
        [claimed.content_hash]: known,
        [upper]: known,
        [`sha3-256:${claimed.content_hash}`]: known,
        [deleted.content_hash]: { status: "deleted", first_index: null },
        [cid]: { status: "claimed", first_index: byCid.index },
        [unknown]: { status: "unknown", first_index: null },
      },
    });
    expect((await ask([])).body).toEqual({ objects: {} });
  });

  test("calls a hash deleted only when every claim to it is withdrawn, and claimed again after a new one", async () => {
    const hash = newHash();
    const first = await register(hash);
    const second = await register(hash, bob);
    const read = async () => (await ask([hash])).body.objects[hash];
    expect(await read()).toEqual({ status: "claimed", first_index: first.index });
    await withdraw(first);
    expect(await read()).toEqual({ status: "claimed", first_index: second.index });
    await withdraw(second, bob);
    expect(await read()).toEqual({ status: "deleted", first_index: null });
    const third = await register(hash, bob);
    expect(await read()).toEqual({ status: "claimed", first_index: third.index });
  });

  test("is for everybody: without a session, and from anywhere", async () => {
    const answer = await server.request("/objects/status", {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: "https://renderer.example", Cookie: "sid=x" },
      body: JSON.stringify({ hashes: [] }),
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    ["no hash", ["a".repeat(63)], "hashes.0"],
    ["a number", ["a".repeat(64), 1], "hashes.1"],
    ["nothing", undefined, "hashes"],
    ["no list", "a".repeat(64), "hashes"],
    ["more than 1,000", Array.from({ length: 1001 }, () => "a".repeat(64)), "hashes"],
    ["far too many", Array.from({ length: 50_000 }, () => 1), "hashes"],
  ])("refuses %s with the field named", async (_title, hashes, field) => {
    const { status, body } = await ask(hashes);
    expect(status).toBe(422);
    expect(body.errors.map((error: Json) => error.field)).toEqual([field]);
  });

  test("takes JSON only, and at most 256 KiB of it", async () => {
    const send = (type: string, body: string) =>
      server.request("/objects/status", { method: "POST", headers: { "Content-Type": type }, body });
    expect((await send("text/plain", "{}")).status).toBe(415);
    expect((await send("application/json", "{")).status).toBe(400);
    expect((await send("application/json", `{"hashes": ["${"a".repeat(300_000)}"]}`)).status).toBe(413);
  });
});

describe("GET /objects/changes", () => {
  test("tells of a claim with its hash, and of a withdrawal with the index of its claim but no hash", async () => {
    const { next: since } = await changes("?since=0&limit=1000");
    const kept = await register(newHash());
    const gone = await register(newHash());
    expect(await changes(`?since=${since}`)).toMatchObject({
      changes: [
        { index: kept.index, type: "claimed", claim_index: kept.index, hash: kept.content_hash },
        { index: gone.index, type: "claimed", claim_index: gone.index, hash: gone.content_hash },
      ],
      next: since + 2,
      more: false,
    });
    await withdraw(gone);
    const body = await changes(`?since=${since}`);
    expect(body).toEqual({
      changes: [
        {
          index: kept.index,
          type: "claimed",
          claim_index: kept.index,
          hash: kept.content_hash,
          created_at: kept.created_at,
        },
        {
          index: gone.index,
          type: "claimed",
          claim_index: gone.index,
          hash: null,
          created_at: gone.created_at,
        },
        {
          index: since + 2,
          type: "deleted",
          claim_index: gone.index,
          hash: null,
          created_at: expect.stringMatching(/Z$/),
        },
      ],
      next: since + 3,
      more: false,
    });
  });

  test("leaves out what neither claims nor withdraws, and goes on after it", async () => {
    const asset = await register(newHash());
    await server.json("PATCH", `/assets/${encodeURIComponent(asset.name)}`, { description: "new" }, alice);
    const body = await changes(`?since=${asset.index + 1}`);
    expect(body).toEqual({ changes: [], next: asset.index + 2, more: false });
  });

  test("misses nothing and tells nothing twice to who keeps next, while others register and withdraw", async () => {
    const { next: start } = await changes("?limit=1000");
    const write = async (token: string) => {
      for (let round = 0; round < 8; round++) {
        const asset = await register(newHash(), token);
        if (round % 3 === 0) await withdraw(asset, token);
      }
    };
    const readFrom = async (since: number) => {
      const { changes: found, next, more } = await changes(`?since=${since}&limit=3`);
      return { found: found.map(({ index, type }: Json) => [index, type]), next, more };
    };
    const written = Promise.all([write(alice), write(bob)]);
    const seen = [];
    let since = start;
    // Two writers make 8 claims each and withdraw 3 of them.
    while (seen.length < 22) {
      const { found, next } = await readFrom(since);
      seen.push(...found);
      since = next;
    }
    await written;
    expect(await readFrom(since)).toEqual({ found: [], next: since, more: false });

    const rows = await query<{ index: string; type: string }>(
      server.databaseUrl,
      "select index, type from activities where index >= $1 and type in ('Create', 'Delete') order by index",
      [start],
    );
    const made = rows.map(({ index, type }) => [Number(index), type === "Create" ? "claimed" : "deleted"]);
    expect(made.length).toBe(22);
    expect(seen).toEqual(made);
    const again = [];
    for (let since = start, more = true; more;) {
      const page = await readFrom(since);
      again.push(...page.found);
      ({ next: since, more } = page);
    }
    expect(again).toEqual(made);
  });

  test.each([
    ["?since=-1", "since"],
    ["?since=x", "since"],
    ["?since=1e3", "since"],
    ["?since=999999999999999", "since"],
    ["?limit=0", "limit"],
    ["?limit=1001", "limit"],
  ])("refuses %s with the field named", async (search, field) => {
    const { status, body } = await server.json("GET", `/objects/changes${search}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field }]);
  });
});

test("both answer renderers, which sign nothing, also where documents are for signed requests only", async () => {
  const guarded = await startTestServer({ ARTDAG_AUTHORIZED_FETCH: "on" });
  expect((await guarded.request("/activities")).status).toBe(401);
  expect((await guarded.json("POST", "/objects/status", { hashes: [] })).status).toBe(200);
  expect((await guarded.json("GET", "/objects/changes")).body).toEqual({
    changes: [],
    next: 0,
    more: false,
  });
});

describe("on 50,000 claims and as many withdrawn ones", () => {
  const statements: { sql: string; parameters: readonly unknown[] }[] = [];
  const burnKey = Buffer.alloc(32, 1);
  let url: string;

  beforeAll(async () => {
    url = await createTestDatabase();
    await query(url, "insert into users (username, password_hash, admin) values ('anna', 'x', false)");
    await query(
      url,
      `with created as (
         insert into activities (index, user_id, type, document, created)
         select n, (select id from users), case n % 2 when 0 then 'Create' else 'Announce' end, '{}', now()
         from generate_series(0, 99999) n returning index, type)
       insert into assets (name, hash_algorithm, content_hash, asset_type, user_id, activity_index, latest_index,
         later_claim, post, created)
       select 'work ' || index, 'sha3-256', lpad(to_hex(index), 64, '0'), 'image', (select id from users), index, index,
         false, 'none', now()
       from created where type = 'Create'`,
    );
    await query(url, "update log set size = 100000");
    await query(
      url,
      "insert into burnt (digest) select sha256(n::text::bytea) from generate_series(1, 50000) n",
    );
  });

  function open(): Kysely<Tables> {
    return new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: url, max: 1 }) }),
      log: ({ query }) => void statements.push({ sql: query.sql, parameters: query.parameters }),
    });
  }

  /** The nodes of the plan by which PostgreSQL runs a statement. */
  async function explain(statement: { sql: string; parameters: readonly unknown[] }): Promise<string[]> {
    const rows = await query<Json>(url, `explain (format json) ${statement.sql}`, [...statement.parameters]);
    const visit = (node: Json): string[] => [
      `${node["Node Type"]} ${node["Relation Name"] ?? ""}`.trim(),
      ...(node.Plans ?? []).flatMap(visit),
    ];
    return visit(rows[0]["QUERY PLAN"][0].Plan);
  }

  test.each(["never analyzed", "analyzed"])(
    "1,000 hashes are looked up in indexes by one statement, the tables %s",
    async (state) => {
      if (state === "analyzed") await query(url, "vacuum analyze");
      const objects = Array.from({ length: 1000 }, (_value, place) => {
        const contentHash = (place * 7).toString(16).padStart(64, "0");
        return { asked: contentHash, contentHash, address: `http://localhost/objects/${contentHash}` };
      });
      const db = open();
      statements.length = 0;
      const found = await listObjectStatuses(db, burnKey, objects).finally(() => db.destroy());
      expect(found.filter(({ status }) => status === "claimed").length).toBe(500);
      const [statement, ...others] = statements;
      expect(others).toEqual([]);
      const nodes = await explain(statement ?? { sql: "", parameters: [] });
      expect(nodes.filter((node) => node.includes("assets"))).toEqual(["Index Only Scan assets"]);
      expect(nodes.filter((node) => node.includes("burnt"))).toEqual(["Index Only Scan burnt"]);
    },
  );

  test("changes are read from an index, however much else the log holds", async () => {
    const db = open();
    statements.length = 0;
    const page = await listObjectChanges(db, { since: 60_001, limit: 100 }).finally(() => db.destroy());
    expect(page.changes.map(({ index }) => Number(index))).toEqual(
      Array.from({ length: 100 }, (_value, place) => 60_002 + place * 2),
    );
    const [statement, ...others] = statements;
    expect(others).toEqual([]);
    const nodes = await explain(statement ?? { sql: "", parameters: [] });
    expect(nodes.filter((node) => /activities|assets/.test(node))).toEqual([
      "Index Scan activities",
      "Index Scan assets",
    ]);
  });
});
