import { describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { query } from "../../test/helpers/sql.ts";
import { migrate } from "./migrate.ts";

describe("migrations", () => {
  test("are applied once each when four processes begin at the same moment", async () => {
    const url = await createTestDatabase({ empty: true });
    await Promise.all([migrate(url), migrate(url), migrate(url), migrate(url)]);
    const applied = await query<{ name: string }>(url, "select name from kysely_migration order by name");
    expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
    expect(applied.length).toBeGreaterThan(10);
    expect(await query(url, "select * from log")).toEqual([{ only_row: true, size: "0", assets: "0" }]);
  });

  test("leave an up-to-date database as it is", async () => {
    const url = await createTestDatabase();
    const before = await query(url, "select * from kysely_migration order by name");
    await migrate(url);
    expect(await query(url, "select * from kysely_migration order by name")).toEqual(before);
  });

  test("leave nothing behind when one of them can't be applied", async () => {
    const url = await createTestDatabase({ empty: true });
    await query(url, "create table remote_posts (x int)");
    await expect(migrate(url)).rejects.toThrow("remote_posts");
    expect(await query(url, "select to_regclass('log') as log")).toEqual([{ log: null }]);
  });
});
