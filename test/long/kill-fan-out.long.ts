import { expect, test } from "vitest";
import { createTestDatabase } from "../helpers/database.ts";
import { killLeftovers, startProcess } from "../helpers/process.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "../helpers/server.ts";
import { query } from "../helpers/sql.ts";

killLeftovers();

const followers = 80_000;
const hosts = 50;

test("F2 a server that is killed between two batches of a fan-out, twice, makes every delivery once, in order", async () => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    ARTDAG_USER: "anna",
    PORT: String(await findFreePort()),
  };
  const rows = <T extends object>(statement: string) => query<T & object>(env.DATABASE_URL, statement);
  let server = await startProcess(env);
  const password = /password +(\S+)/.exec(server.output())?.[1];
  // Each third follower shares his inbox with others. Nothing is sent: what waits can be counted.
  await query(
    env.DATABASE_URL,
    `with actor as (
       insert into remote_actors (iri, username, host, inbox, shared_inbox)
       select origin || n, 'fan', host, origin || n || '/inbox', case when n % 3 = 0 then origin || n % 1000 end
       from (select n, 'h' || n % $2 || '.test' as host, 'https://h' || n % $2 || '.test/' as origin
             from generate_series(1, $1) n) as placed
       returning id, iri)
     insert into followers (user_id, actor_id, follow_iri)
     select users.id, actor.id, actor.iri || '#follow' from users, actor`,
    [followers, hosts],
  );
  await rows(
    "insert into delivery_hosts (host, held_until) select distinct host, now() + interval '1 day' from remote_actors",
  );
  await rows("analyze");

  const headers = { "Content-Type": "application/json" };
  const login = await fetch(`${server.origin}/auth/login`, {
    method: "POST",
    headers,
    body: JSON.stringify({ username: "anna", password }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  for (const number of [1, 2]) {
    const content_hash = number.toString(16).padStart(64, "0");
    const answer = await fetch(`${server.origin}/assets`, {
      method: "POST",
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: JSON.stringify({ name: `work ${number}`, content_hash, asset_type: "image" }),
    });
    expect(answer.status).toBe(201);
  }

  const countMade = async () =>
    Number((await rows<{ count: string }>("select count(*) from deliveries"))[0]?.count);
  let made = 0;
  for (let kill = 0; kill < 2; kill++) {
    const before = made;
    await eventually(
      "another batch is made",
      async () => ((await countMade()) > before ? true : undefined),
      30_000,
    );
    await server.kill("SIGKILL");
    made = await countMade();
    expect(await rows("select from publications where pending and last_follower > 0")).toHaveLength(1);
    server = await startProcess(env);
  }
  await eventually(
    "both fan-outs are complete",
    async () => ((await rows("select from publications where pending")).length === 0 ? true : undefined),
    60_000,
  );

  const wrong = await rows(
    `select * from (
       select publications.id, coalesce(shared_inbox, inbox) as inbox
       from publications, followers join remote_actors on remote_actors.id = actor_id
       group by 1, 2) as due
     full join (
       select publication_id, inbox, count(*) as times from deliveries group by 1, 2) as made
     on made.publication_id = due.id and made.inbox = due.inbox
     where times is distinct from 1 or due.id is null`,
  );
  expect(wrong).toEqual([]);
  const overtaking = await rows(
    `select from deliveries having max(id) filter (where publication_id = 1) >
       min(id) filter (where publication_id = 2)`,
  );
  expect(overtaking).toEqual([]);
  expect(await server.kill("SIGTERM")).toBe(0);
}, 180_000);
