import { expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

killLeftovers();

/** Changes the tables around the documents, and rewrites every row of them. */
const unrelatedMigration = `
  alter table activities add column note text default 'unrelated';
  alter table publications add column note jsonb default '{"b": 1, "a": 2}';
  create index activities_note_idx on activities (note);
  update activities set note = 'changed';
  update publications set note = null`;

test("claim and post are the same bytes in the database, at their addresses and in an inbox, for ever", async () => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    PORT: String(await findFreePort()),
  };
  const inbox = await openFakeInbox();
  let server = await startProcess(env);
  const password = /password +(\S+)/.exec(server.output())?.[1];
  await insertFollower(env.DATABASE_URL, "giles", inbox.origin);
  const post = async (path: string, body: unknown, token = "") => {
    const headers = {
      "Content-Type": "application/json",
      ...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
    };
    const response = await fetch(server.origin + path, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return (await response.json()) as { access_token: string; activity: unknown };
  };
  const { access_token: token } = await post("/auth/login", { username: "giles", password });
  const metadata = {
    z: 1,
    a: [1e21, -0.5, "\u20ac\ud83d\ude00"],
    "10": "ten",
    "9": "nine",
    type: "x",
    signature: "y",
  };
  const asset = {
    name: "Bytes \u00e9",
    content_hash: "e".repeat(64),
    asset_type: "image",
    metadata,
    tags: ["b", "a"],
  };
  const { activity } = await post("/assets", asset, token);

  const [claim] = await query<{ document: string }>(env.DATABASE_URL, "select document from activities");
  const [stored] = await query<{ document: string }>(env.DATABASE_URL, "select document from publications");
  expect(claim?.document).toBe(JSON.stringify(activity));
  const delivered = await eventually("the post arrives", async () => inbox.received[0]);
  expect(delivered.body).toBe(stored?.document);
  expect(delivered.headers["content-type"]).toBe("application/activity+json");

  const read = async (path: string) =>
    await (await fetch(server.origin + path, { headers: { Accept: "application/activity+json" } })).text();
  const note = await read("/notes/0");
  expect(JSON.parse(note).content).toBe(JSON.parse(stored?.document ?? "").object.content);
  expect(await read("/activities/0")).toBe(claim?.document);

  expect(await server.kill("SIGTERM")).toBe(0);
  await query(env.DATABASE_URL, unrelatedMigration);
  server = await startProcess(env);
  expect(await read("/activities/0")).toBe(claim?.document);
  expect(await read("/notes/0")).toBe(note);
  const outbox = JSON.parse(await read("/users/giles/outbox?cursor=9007199254740991"));
  expect(JSON.stringify(outbox.orderedItems[0])).toBe(stored?.document);
});
