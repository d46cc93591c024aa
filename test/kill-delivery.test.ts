import { expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import { killLeftovers, startProcess } from "./helpers/process.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

killLeftovers();

const rounds = 20;

test("a server that is killed between an answer and its deliveries, 20 times, delivers every post it promised", async () => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    ARTDAG_USER: "alice",
    PORT: String(await findFreePort()),
  };
  const inboxes = [await openFakeInbox(), await openFakeInbox(), await openFakeInbox()];
  let server = await startProcess(env);
  const password = /password +(\S+)/.exec(server.output())?.[1];
  for (const { origin } of inboxes) await insertFollower(env.DATABASE_URL, "alice", origin);
  const headers = { "Content-Type": "application/json" };
  const login = await fetch(`${server.origin}/auth/login`, {
    method: "POST",
    headers,
    body: JSON.stringify({ username: "alice", password }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };

  const promised: string[] = [];
  const inFlight = inboxes.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    const answer = await fetch(`${server.origin}/assets`, {
      method: "POST",
      headers: { ...headers, Authorization: `Bearer ${token}` },
      body: JSON.stringify({
        name: `work ${round}`,
        content_hash: round.toString(16).padStart(64, "0"),
        asset_type: "image",
      }),
    });
    expect(answer.status).toBe(201);
    promised.push(`${server.origin}/notes/${round}#create`);
    // Sometimes at once, sometimes in the middle of the deliveries.
    await new Promise((resolve) => setTimeout(resolve, (round % 5) * 15));
    await server.kill("SIGKILL");
    const unmarked = await query<{ host: string; iri: string }>(
      env.DATABASE_URL,
      `select host, iri from deliveries join publications on publications.id = publication_id where state = 'waiting'`,
    );
    inboxes.forEach((inbox, index) => {
      const got = new Set(inbox.received.map(({ id }) => id));
      const host = new URL(inbox.origin).host;
      inFlight[index] =
        (inFlight[index] ?? 0) + unmarked.filter((row) => row.host === host && got.has(row.iri)).length;
    });
    server = await startProcess(env);
  }

  await eventually(
    "every follower has every post",
    async () => {
      const complete = inboxes.every(
        ({ received }) => new Set(received.map(({ id }) => id)).size === promised.length,
      );
      return complete ? true : undefined;
    },
    60_000,
  );
  const stored = await query<{ iri: string; document: string }>(
    env.DATABASE_URL,
    "select iri, document from publications",
  );
  const bytes = new Map(stored.map(({ iri, document }) => [iri, document]));
  inboxes.forEach(({ received }, index) => {
    expect(new Set(received.map(({ id }) => id))).toEqual(new Set(promised));
    for (const { id, body } of received) expect(body).toBe(bytes.get(id));
    // Sent twice was only what had arrived, but was not yet marked so, when the server was killed.
    expect(received.length - promised.length).toBeLessThanOrEqual(inFlight[index] ?? 0);
  });
  expect(await server.kill("SIGTERM")).toBe(0);
}, 240_000);
