import { expect } from "vitest";
import type { GuardedServer, World } from "./remotes.ts";
import { eventually } from "./server.ts";
import { query } from "./sql.ts";

/** What says nothing about what took effect: caches, and the queue's own tables, which are in another schema. */
const apart = ["fedify_kv_v2", "kysely_migration", "kysely_migration_lock"];

/** All rows of the server's own tables, as one digest a table. */
export async function readState(databaseUrl: string): Promise<Record<string, string>> {
  const tables = await query<{ name: string }>(
    databaseUrl,
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> all ($1) order by 1",
    [apart],
  );
  const state: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await query<{ digest: string }>(
      databaseUrl,
      `select count(*) || ' rows ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from "${name}" t`,
    );
    state[name] = row?.digest ?? "";
  }
  return state;
}

/** A delivery to a host that answers slowly is cut off after 20 s, in milliseconds; and then a little. */
const slowest = 25_000;

/** Waits until no activity that arrived waits to be handled, or is tried again later. */
export async function settleInbox(databaseUrl: string): Promise<void> {
  await eventually(
    "the inbox is empty",
    async () => {
      const [row] = await query<{ count: number }>(
        databaseUrl,
        `select count(*)::int as count from pgboss.job where name in ('inbox', 'publish', 'deliver')
       and (state in ('created', 'active') and start_after <= now())`,
      );
      return row?.count === 0 ? true : undefined;
    },
    slowest,
  );
}

/** Asserts that something changes no row and makes no connection and no request to anybody. */
export async function expectNoEffect(
  server: Pick<GuardedServer, "databaseUrl">,
  world: World,
  work: () => Promise<void>,
  options: { asks?: boolean } = {},
): Promise<void> {
  await settleInbox(server.databaseUrl);
  const before = await readState(server.databaseUrl);
  const asked = world.requests.length;
  await work();
  await settleInbox(server.databaseUrl);
  expect(await readState(server.databaseUrl)).toEqual(before);
  if (options.asks !== true) expect(world.requests.slice(asked)).toEqual([]);
}
