import { Temporal as Polyfill } from "@js-temporal/polyfill";
import { type KvKey, type KvStore, MemoryKvStore } from "@fedify/fedify";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { KeyValueStore } from "./key-value-store.ts";

let sql: Sql;
let store: KeyValueStore;

beforeAll(async () => {
  const url = await createTestDatabase();
  sql = postgres(url, { max: 12, connection: { TimeZone: "UTC" }, onnotice: () => undefined });
  store = new KeyValueStore(sql);
  await store.initialize();
});
afterAll(() => sql.end({ timeout: 5 }));

function milliseconds(count: number): Temporal.Duration {
  return Polyfill.Duration.from({ milliseconds: count }) as unknown as Temporal.Duration;
}

function wait(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count));
}

async function list(kv: Pick<KvStore, "list">, prefix?: KvKey): Promise<[string, unknown][]> {
  const entries: [string, unknown][] = [];
  for await (const { key, value } of kv.list(prefix)) entries.push([key.join("/"), value]);
  return entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** Makes time pass for one entry. */
async function age(key: KvKey, seconds: number): Promise<void> {
  // The trigger would set the time to now.
  await sql.begin(async (trx) => {
    await trx`alter table fedify_kv_v2 disable trigger fedify_kv_v2_touch`;
    await trx`update fedify_kv_v2 set created = created - make_interval(secs => ${seconds}) where key = ${[...key]}`;
    await trx`alter table fedify_kv_v2 enable trigger fedify_kv_v2_touch`;
  });
}

describe("the store", () => {
  test.each<[string, unknown]>([
    ["a text", "text"],
    ["an empty text", ""],
    ["a text that looks like JSON", '{"a":1}'],
    ["a number", 1.5],
    ["zero", 0],
    ["true", true],
    ["false", false],
    ["null", null],
    ["an array", [1, "a", null, [true], {}]],
    ["an object", { a: { b: [null, "é\u{1f600}"] }, "": 0 }],
    ["an empty object", {}],
  ])("gives back %s as it was set", async (what, value) => {
    await store.set(["types", what], value);
    expect(await store.get(["types", what])).toStrictEqual(value);
    await store.cas(["types", "cas", what], undefined, value);
    expect(await store.get(["types", "cas", what])).toStrictEqual(value);
    expect(await store.cas(["types", "cas", what], value, "next")).toBe(true);
  });

  test("replaces what jsonb can't hold, and nothing that only looks like it", async () => {
    const value = { "a\ud83d": ["\ude00\ude00\0\0", "\\ud83d \\\\u0000 \u{1f600} \\"] };
    const kept = { "a\ufffd": ["\ufffd\ufffd\ufffd\ufffd", "\\ud83d \\\\u0000 \u{1f600} \\"] };
    await store.set(["awkward"], value);
    expect(await store.get(["awkward"])).toEqual(kept);
    expect(await store.cas(["awkward"], value, "\ud83d")).toBe(true);
    expect(await store.get(["awkward"])).toBe("\ufffd");
  });

  test("has nothing under a key that was never set, or was deleted", async () => {
    expect(await store.get(["never"])).toBeUndefined();
    await store.set(["deleted"], 1);
    await store.delete(["deleted"]);
    expect(await store.get(["deleted"])).toBeUndefined();
    await store.delete(["deleted"]);
  });

  test("keeps the last value of a key", async () => {
    await store.set(["overwritten"], 1);
    await store.set(["overwritten"], 2);
    expect(await store.get(["overwritten"])).toBe(2);
  });

  test("tells keys apart by their parts, not by their sum", async () => {
    await store.set(["a", "bc"], 1);
    await store.set(["ab", "c"], 2);
    await store.set(["a,b", 'c"{}\\'], 3);
    expect(await store.get(["a", "bc"])).toBe(1);
    expect(await store.get(["ab", "c"])).toBe(2);
    expect(await store.get(["a,b", 'c"{}\\'])).toBe(3);
    expect(await store.get(["abc"])).toBeUndefined();
  });
});

describe("an entry with a lifetime", () => {
  test("is gone when its time is over, for get, list and cas alike", async () => {
    await store.set(["short"], 1, { ttl: milliseconds(300) });
    expect(await store.get(["short"])).toBe(1);
    expect(await list(store, ["short"])).toHaveLength(1);
    await wait(400);
    expect(await store.get(["short"])).toBeUndefined();
    expect(await list(store, ["short"])).toEqual([]);
    expect(await store.cas(["short"], 1, 2)).toBe(false);
    expect(await store.cas(["short"], undefined, 3)).toBe(true);
    expect(await store.get(["short"])).toBe(3);
  });

  test("has its whole lifetime again after it was overwritten", async () => {
    await store.set(["renewed"], 1, { ttl: milliseconds(60_000) });
    await age(["renewed"], 59);
    await store.set(["renewed"], 2, { ttl: milliseconds(60_000) });
    const [row] = await sql<{ left: number }[]>`
      select extract(epoch from created + ttl - current_timestamp)::float as left from fedify_kv_v2
      where key = ${["renewed"]}`;
    expect(row?.left).toBeGreaterThan(50);
    await store.cas(["renewed"], 2, 3, { ttl: milliseconds(1000) });
    await age(["renewed"], 2);
    expect(await store.get(["renewed"])).toBeUndefined();
  });

  test("lives for ever once it is set without one", async () => {
    await store.set(["kept"], 1, { ttl: milliseconds(1000) });
    await store.set(["kept"], 2);
    await age(["kept"], 86_400);
    expect(await store.get(["kept"])).toBe(2);
  });

  test("is swept away by the next write, and no other is", async () => {
    await store.set(["swept"], 1, { ttl: milliseconds(1000) });
    await store.set(["alive"], 1, { ttl: milliseconds(60_000) });
    await age(["swept"], 2);
    await store.set(["another"], 1);
    const rows = await sql<{ key: string[] }[]>`
      select key from fedify_kv_v2 where key in (${["swept"]}, ${["alive"]})`;
    expect(rows.map(({ key }) => key)).toEqual([["alive"]]);
  });
});

describe("the list", () => {
  test.each<[KvKey | undefined, string[]]>([
    [["l"], ["l", "l/a", "l/a/b", "l/ab", "l/b"]],
    [
      ["l", "a"],
      ["l/a", "l/a/b"],
    ],
    [["l", "a", "b"], ["l/a/b"]],
    [["l", "a", "b", "c"], []],
    [["l", ""], []],
    [["l", "%"], []],
  ])("under %j holds whole parts only, as Fedify's own store has it", async (prefix, expected) => {
    const memory = new MemoryKvStore();
    for (const kv of [store, memory]) {
      for (const key of [["l"], ["l", "a"], ["l", "a", "b"], ["l", "ab"], ["l", "b"], ["la"]] as const)
        await kv.set(key, key.length);
    }
    const found = await list(store, prefix);
    expect(found.map(([key]) => key)).toEqual(expected);
    expect(found).toEqual(await list(memory, prefix));
  });

  test("without a prefix holds everything", async () => {
    await store.set(["everything", "1"], 1);
    const keys = (await list(store)).map(([key]) => key);
    expect(keys).toEqual(expect.arrayContaining(["everything/1", "a/bc", "ab/c"]));
  });
});

describe("compare and swap", () => {
  test("sets a value where there is none, and only there", async () => {
    expect(await store.cas(["new"], undefined, 1)).toBe(true);
    expect(await store.cas(["new"], undefined, 2)).toBe(false);
    expect(await store.get(["new"])).toBe(1);
  });

  test("replaces the value that is expected, and no other", async () => {
    await store.set(["swap"], { a: 1, b: [2] });
    expect(await store.cas(["swap"], { a: 1 }, "no")).toBe(false);
    expect(await store.cas(["swap"], null, "no")).toBe(false);
    expect(await store.cas(["swap"], { b: [2], a: 1 }, "yes")).toBe(true);
    expect(await store.get(["swap"])).toBe("yes");
    expect(await store.cas(["absent"], "yes", "no")).toBe(false);
    expect(await store.get(["absent"])).toBeUndefined();
  });

  test("tells a stored null from nothing", async () => {
    await store.set(["null"], null);
    expect(await store.cas(["null"], undefined, 1)).toBe(false);
    expect(await store.cas(["null"], null, 1)).toBe(true);
  });

  test("lets exactly one of many at once win", async () => {
    const many = Array.from({ length: 40 }, (_, index) => index);
    const created = await Promise.all(many.map((index) => store.cas(["race"], undefined, index)));
    expect(created.filter((won) => won)).toHaveLength(1);
    const first = created.indexOf(true);
    expect(await store.get(["race"])).toBe(first);
    const swapped = await Promise.all(many.map((index) => store.cas(["race"], first, `next ${index}`)));
    expect(swapped.filter((won) => won)).toHaveLength(1);
    expect(await store.get(["race"])).toBe(`next ${swapped.indexOf(true)}`);
  });

  test("lets exactly one of many at once take over what has expired", async () => {
    await store.set(["lease"], "old", { ttl: milliseconds(1000) });
    await age(["lease"], 2);
    const many = Array.from({ length: 40 }, (_, index) => index);
    const won = await Promise.all(many.map((index) => store.cas(["lease"], undefined, index)));
    expect(won.filter(Boolean)).toHaveLength(1);
  });
});

describe("the table", () => {
  test("is the migration's and is logged, so that a crash empties it of nothing", async () => {
    const [table] = await sql`select relpersistence from pg_class where oid = 'fedify_kv_v2'::regclass`;
    expect(table).toEqual({ relpersistence: "p" });
  });

  test("is swept by its index, however many entries live", async () => {
    await sql`
      insert into fedify_kv_v2 (key, value, ttl)
      select array['many', n::text], '1', interval '1 day' from generate_series(1, 20000) as n`;
    await sql`analyze fedify_kv_v2`;
    const plan = await sql<{ "QUERY PLAN": string }[]>`
      explain delete from fedify_kv_v2 where ttl is not null and created + ttl < current_timestamp`;
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    expect(text).toContain("fedify_kv_v2_expiry_idx");
    expect(text).not.toContain("Seq Scan");
    await sql`delete from fedify_kv_v2 where key[1] = 'many'`;
  });
});
