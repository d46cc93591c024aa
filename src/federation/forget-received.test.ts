import { expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { eventually } from "../../test/helpers/server.ts";
import { query } from "../../test/helpers/sql.ts";
import { openDatabase } from "../db/connection.ts";
import { startForgettingReceived } from "./forget-received.ts";

test("ids of activities are remembered for 90 days and no longer, however many they are", async () => {
  const url = await createTestDatabase();
  await query(
    url,
    `insert into received_activities (actor_iri, activity_iri, received)
     select 'a', 'old' || i, now() - interval '91 days' from generate_series(1, 12000) i
     union all select 'a', 'young', now() - interval '89 days'`,
  );
  const db = openDatabase(url, { max: 2 });
  const aborter = new AbortController();
  startForgettingReceived(db, aborter.signal);
  try {
    const left = await eventually("the old ones are forgotten", async () => {
      const rows = await query<{ activity_iri: string }>(url, "select activity_iri from received_activities");
      return rows.length < 10 ? rows : undefined;
    });
    expect(left).toEqual([{ activity_iri: "young" }]);
  } finally {
    aborter.abort();
    await db.destroy();
  }
});
