import { expect, test } from "vitest";
import { insertFollowersAt, openFakeHosts } from "./helpers/fake-hosts.ts";
import { eventually, startTestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

test("a deletion goes to whoever had the post, but for the gone and the blocked", async () => {
  const server = await startTestServer();
  const token = await server.register("anna");
  const [host, ...others] = await openFakeHosts(1);
  if (host == null || others.length > 0) throw new Error("there is one");
  const inboxes = ["stays", "left", "gone", "blocked"].map((name) => `${host.origin}/${name}/inbox`);
  await insertFollowersAt(server.databaseUrl, "anna", inboxes);
  const input = { name: "sea", content_hash: "a".repeat(64), asset_type: "image" };
  const { body } = await server.json("POST", "/assets", input, token);
  const taken = (id: string) =>
    host.received.filter((one) => one.id === id).map(({ inbox }) => inbox.split("/")[1]);
  await eventually("all have the post", async () =>
    taken(`${body.asset.post}#create`).length === 4 ? true : undefined,
  );

  host.behaviours.set("/gone/inbox", { status: 410 });
  await server.json("PATCH", "/assets/sea", { description: "calm" }, token);
  await eventually("the gone one is dropped", async () =>
    (await query(server.databaseUrl, "select from followers")).length === 3 ? true : undefined,
  );
  await query(
    server.databaseUrl,
    "delete from followers using remote_actors a where a.id = actor_id and inbox not like '%/stays/%'",
  );
  await query(server.databaseUrl, "insert into blocks (kind, target) values ('actor', $1)", [
    `${host.origin}/blocked/inbox#actor`,
  ]);
  await insertFollowersAt(server.databaseUrl, "anna", [`${host.origin}/new/inbox`]);
  await server.json("DELETE", "/assets/sea", undefined, token);
  const deleted = `${body.asset.post}#delete`;
  await eventually("nothing waits", async () => {
    const rows = await query<{ state: string }>(
      server.databaseUrl,
      "select state from deliveries join publications p on p.id = publication_id where p.iri = $1",
      [deleted],
    );
    return rows.length > 0 && rows.every(({ state }) => state !== "waiting") ? true : undefined;
  });
  expect(taken(deleted).toSorted()).toEqual(["left", "new", "stays"]);
});
