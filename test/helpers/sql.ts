import { Client, type QueryResultRow } from "pg";

/** Runs one statement on a connection of its own, and gives its rows. */
export async function query<T extends QueryResultRow>(
  url: string,
  statement: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<T>(statement, values);
    return rows;
  } finally {
    await client.end();
  }
}

/** Everything that stands in a database, in all schemas of ours, as text: what a dump would show. */
export async function dump(url: string): Promise<string> {
  const tables = await query<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  );
  const parts = [];
  for (const { name } of tables) {
    const rows = await query<{ row: string }>(url, `select t::text as row from ${name} t`);
    parts.push(`${name}\n${rows.map(({ row }) => row).join("\n")}`);
  }
  return parts.join("\n");
}
