import type { KvKey, KvStoreListEntry, KvStoreSetOptions } from "@fedify/fedify";
import { PostgresKvStore } from "@fedify/postgres";
import type { Sql } from "postgres";

/**
 * Fedify's key-value store on the table that our migration made. Adds what the library's class lacks of the interface
 * of Fedify 2.3: `list`, `cas`, and every JSON value.
 */
export class KeyValueStore extends PostgresKvStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    super(sql);
    this.#sql = sql;
  }

  /** The library's would write JSON's `null`, by which Fedify remembers a bad key, as SQL's, which is refused. */
  override async set(key: KvKey, value: unknown, options?: KvStoreSetOptions): Promise<void> {
    const ttl = options?.ttl?.toString() ?? null;
    await this.#sql`
      insert into fedify_kv_v2 (key, value, ttl) values (${[...key]}, ${toJsonb(value)}::text::jsonb, ${ttl})
      on conflict (key) do update set value = excluded.value, ttl = excluded.ttl`;
    await this.#sql`delete from fedify_kv_v2 where ttl is not null and created + ttl < current_timestamp`;
  }

  async *list(prefix?: KvKey): AsyncIterable<KvStoreListEntry> {
    const length = prefix?.length ?? 0;
    const rows = await this.#sql<{ key: string[]; value: unknown }[]>`
      select key, value from fedify_kv_v2
      where key[1:${length}] = ${[...(prefix ?? [])]}::text[] and (ttl is null or created + ttl > current_timestamp)
      order by key`;
    for (const { key, value } of rows) yield { key: key as unknown as KvKey, value };
  }

  /** Sets the value where the stored one is `expected` (`undefined`: where there is none). One statement. */
  async cas(key: KvKey, expected: unknown, value: unknown, options?: KvStoreSetOptions): Promise<boolean> {
    const sql = this.#sql;
    const next = toJsonb(value);
    const ttl = options?.ttl?.toString() ?? null;
    const live = sql`(fedify_kv_v2.ttl is null or fedify_kv_v2.created + fedify_kv_v2.ttl > current_timestamp)`;
    const rows =
      expected === undefined
        ? await sql`
            insert into fedify_kv_v2 (key, value, ttl) values (${[...key]}, ${next}::text::jsonb, ${ttl})
            on conflict (key) do update set value = excluded.value, ttl = excluded.ttl where not ${live}
            returning key`
        : await sql`
            update fedify_kv_v2 set value = ${next}::text::jsonb, ttl = ${ttl}
            where key = ${[...key]} and value = ${toJsonb(expected)}::text::jsonb and ${live}
            returning key`;
    return rows.length > 0;
  }
}

/** The value as JSON, with U+FFFD for what `jsonb` can't hold: NUL and half characters. */
function toJsonb(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/g, (escape, refused) =>
    refused == null ? escape : "\\ufffd",
  );
}
