import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { query } from "./sql.ts";

/** How an inbox answers. */
export type Behaviour = "take" | "hang" | { readonly status: number; readonly retryAfter?: number };

/** A server on loopback with inboxes that behave as they are told. */
export interface FakeHost {
  readonly origin: string;
  /** As it stands in the ledger. */
  readonly host: string;
  /** By path; an inbox that isn't named takes everything. */
  readonly behaviours: Map<string, Behaviour>;
  /** What arrived, in order, refused or not. */
  readonly received: {
    readonly inbox: string;
    readonly id: string;
    readonly status: number;
    readonly at: number;
  }[];
  /** The most requests that it ever had at once. */
  most(): number;
}

export interface FakeHostOptions {
  /** How long an answer takes, in milliseconds. */
  readonly latency?: number;
}

/** Opens servers until the tests of the file are over. */
export async function openFakeHosts(count: number, options: FakeHostOptions = {}): Promise<FakeHost[]> {
  return await Promise.all(Array.from({ length: count }, () => openFakeHost(options)));
}

async function openFakeHost({ latency = 0 }: FakeHostOptions): Promise<FakeHost> {
  const behaviours = new Map<string, Behaviour>();
  const received: FakeHost["received"] = [];
  let running = 0;
  let most = 0;

  function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const inbox = request.url ?? "";
    const behaviour = behaviours.get(inbox) ?? "take";
    const status = behaviour === "take" ? 202 : behaviour === "hang" ? 0 : behaviour.status;
    received.push({ inbox, id: (JSON.parse(body) as { id: string }).id, status, at: performance.now() });
    if (behaviour === "hang") return;
    const retryAfter = behaviour === "take" ? undefined : behaviour.retryAfter;
    const headers = retryAfter == null ? {} : { "Retry-After": String(retryAfter) };
    setTimeout(() => response.writeHead(status, headers).end(), latency);
  }

  const server = createServer((request, response) => {
    most = Math.max(most, ++running);
    response.on("close", () => running--);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    behaviours,
    received,
    most: () => most,
  };
}

/** Makes followers of a user out of nothing but rows, one for each inbox. */
export async function insertFollowersAt(
  databaseUrl: string,
  username: string,
  inboxes: readonly string[],
): Promise<void> {
  await query(
    databaseUrl,
    `with actor as (
       insert into remote_actors (iri, username, host, inbox)
       select inbox || '#actor', 'fan', substring(inbox from '^https?://([^/?#]+)'), inbox from unnest($1::text[]) inbox
       returning id, iri)
     insert into followers (user_id, actor_id, follow_iri)
     select users.id, actor.id, actor.iri || '#follow' from users, actor where users.username = $2`,
    [inboxes, username],
  );
}
