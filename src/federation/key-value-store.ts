import type { KvKey, KvStoreListEntry, KvStoreSetOptions } from "@fedify/fedify";
import { PostgresKvStore } from "@fedify/postgres";
import type { Sql } from "postgres";

/**
 * Fedify's key-value store on the table that our migration made. Adds what the library's class lacks of the interface
 * of Fedify 2.3: `list` and `cas`.
 */
export class KeyValueStore extends PostgresKvStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    super(sql);
    this.#sql = sql;
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
    const next = JSON.stringify(value);
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
            where key = ${[...key]} and value = ${JSON.stringify(expected)}::text::jsonb and ${live}
            returning key`;
    return rows.length > 0;
  }
}
