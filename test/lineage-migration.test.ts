import { sql } from "kysely";
import { expect, test } from "vitest";
import { up } from "../migrations/2026-11-22T1402_lineage.ts";
import { startTestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { hashOf, registerWork } from "./helpers/works.ts";

test("claims that were kept before there was a graph are in it after the migration, whatever they state", async () => {
  const server = await startTestServer();
  const { db } = server.resources.web;
  const [one, two, three] = [hashOf("one"), hashOf("two"), hashOf("three")] as [string, string, string];
  await registerWork(server, "alice", { name: "made", hash: two, inputs: { still: one }, recipe: three });
  const edges = () =>
    query(
      server.databaseUrl,
      `select output, input, role, position, name, asset_id is null as remote from lineage_edges
       order by remote, output, position`,
    );
  const before = await edges();
  expect(before).toHaveLength(2);
  await query(
    server.databaseUrl,
    `with actor as (
       insert into remote_actors (iri, host, inbox) values ('https://a.example/users/a', 'a.example', 'https://a.example/in')
       returning id)
     insert into remote_claims (iri, actor_id, content_hash, document, withdrawn)
     select 'https://a.example/' || n, actor.id, $1, document, case when n = 4 then now() end
     from actor, unnest($2::text[]) with ordinality as given (document, n)`,
    [
      three,
      [
        { inputs: [{ name: "\0", contentHash: { value: `sha3-256:${one.toUpperCase()}` } }, null, 7, "x"] },
        { inputs: { contentHash: { value: one } }, recipe: "x" },
        "words",
        { inputs: [{ contentHash: { value: one } }] },
      ].map((provenance) => JSON.stringify({ object: { provenance } })),
    ],
  );
  await sql`drop table lineage_edges`.execute(db);
  await sql`alter table remote_claims drop column public_key`.execute(db);
  await up(db as Parameters<typeof up>[0]);
  expect(await edges()).toEqual([
    ...before,
    { output: three, input: one, role: "input", position: 1, name: null, remote: true },
  ]);
});
