import { expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { eventually } from "../../test/helpers/server.ts";
import { query } from "../../test/helpers/sql.ts";
import { openDatabase } from "../db/connection.ts";
import { startForgettingTokens } from "./forget-tokens.ts";

test("tokens are forgotten 30 days after they have expired, however many they are, and none before", async () => {
  const url = await createTestDatabase();
  await query(
    url,
    `with author as (insert into users (username, password_hash) values ('anna', 'none') returning id)
     insert into tokens (id, user_id, expires, label)
     select gen_random_uuid(), author.id, now() - age, label from author, (
       select interval '31 days' as age, 'old' as label from generate_series(1, 6000)
       union all values (interval '29 days', 'expired'), (interval '-1 day', 'good')) as listed`,
  );
  const db = openDatabase(url, { max: 2 });
  const aborter = new AbortController();
  startForgettingTokens(db, aborter.signal);
  try {
    const left = await eventually("the old ones are forgotten", async () => {
      const rows = await query<{ label: string }>(url, "select label from tokens order by label");
      return rows.some(({ label }) => label === "old") ? undefined : rows;
    });
    expect(left).toEqual([{ label: "expired" }, { label: "good" }]);
  } finally {
    aborter.abort();
    await db.destroy();
  }
});
