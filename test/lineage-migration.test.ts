import { sql } from "kysely";
import { expect, test } from "vitest";
import { up } from "../migrations/2026-11-22T1402_lineage.ts";
import { up as summarize } from "../migrations/2026-11-22T1405_claim_summaries.ts";
import { readSummary } from "../src/registry/claim-summary.ts";
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

test("claims that were kept before lists had summaries of them have these after the migration", async () => {
  const server = await startTestServer();
  const { db } = server.resources.web;
  const page = "https://a.example/asset/1";
  const objects = Array.from({ length: 25 }, (_, n) => ({
    id: `https://a.example/objects/${n}`,
    name: `${n}\0\ud800`,
    assetType: "image",
    url: [null, { mediaType: "text/html", href: page }],
  }));
  await query(
    server.databaseUrl,
    `with actor as (
       insert into remote_actors (iri, host, inbox) values ('https://a.example/users/a', 'a.example', 'https://a.example/in')
       returning id)
     insert into remote_claims (iri, actor_id, content_hash, document)
     select 'https://a.example/' || n, actor.id, 'x', document
     from actor, unnest($1::text[]) with ordinality as given (document, n)`,
    [[...objects, "words"].map((object) => JSON.stringify({ object }))],
  );
  await sql`alter table remote_claims drop column summary`.execute(db);
  await summarize(db as Parameters<typeof summarize>[0]);
  const rows = await query<{ summary: string }>(
    server.databaseUrl,
    "select summary from remote_claims order by id",
  );
  expect(rows.map(({ summary }) => readSummary(summary))).toEqual([
    ...objects.map(({ id }, n) => ({ name: `${n}\0\ufffd`, assetType: "image", page, object: id })),
    { name: null, assetType: null, page: null, object: null },
  ]);
});
