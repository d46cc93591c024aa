import { createServer } from "node:http";
import { afterAll } from "vitest";
import { query } from "./sql.ts";

/** An inbox on loopback that takes everything and remembers it. */
export interface FakeInbox {
  readonly origin: string;
  readonly received: {
    readonly id: string;
    readonly body: string;
    readonly headers: Record<string, string | string[] | undefined>;
  }[];
}

/** Opens an inbox at a port of its own. `answer` is the status it gives. */
export async function openFakeInbox(answer: () => number = () => 202): Promise<FakeInbox> {
  const received: FakeInbox["received"] = [];
  const server = createServer((request, response) => {
    if (request.method !== "POST") {
      response.writeHead(404).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ id: JSON.parse(body).id, body, headers: request.headers });
      response.writeHead(answer()).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  const port = typeof address === "object" && address != null ? address.port : 0;
  return { origin: `http://127.0.0.1:${port}`, received };
}

/** Makes a follower of a user out of nothing but rows: an actor whose inbox is at the origin. */
export async function insertFollower(
  databaseUrl: string,
  username: string,
  origin: string,
  name = "fan",
): Promise<void> {
  const iri = `${origin}/users/${name}`;
  await query(
    databaseUrl,
    `with actor as (
       insert into remote_actors (iri, username, host, inbox) values ($1, $2, $3, $4) returning id)
     insert into followers (user_id, actor_id, follow_iri)
     select users.id, actor.id, $1 || '#follow' from users, actor where users.username = $5`,
    [iri, name, new URL(origin).host, `${iri}/inbox`, username],
  );
}
