import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll } from "vitest";
import { findFreePort } from "./server.ts";

/** A renderer that knows how to sign somebody in, and nothing else. */
export interface StubL1 {
  readonly origin: string;
  /** The tokens it was handed, and with which referrer. */
  readonly received: { readonly token: string; readonly referrer: string | undefined }[];
  /** Asks the registry about a token, as it does at every sign-in. */
  verify(token: string): Promise<{ status: number; body: string }>;
}

/** Starts it. The registry's address is asked for when it is needed, since the registry has to know this one's first. */
export async function startStubL1(findRegistry: () => string, parameter = "auth_token"): Promise<StubL1> {
  const origin = `http://127.0.0.1:${await findFreePort()}`;
  const received: { token: string; referrer: string | undefined }[] = [];
  const users = new Map<string, string>();

  async function verify(token: string) {
    const response = await fetch(`${findRegistry()}/auth/verify`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.text() };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    const token = url.searchParams.get(parameter);
    if (url.pathname === "/auth" && token != null) {
      received.push({ token, referrer: request.headers.referer });
      const { status, body } = await verify(token);
      if (status !== 200) return void response.writeHead(403).end("not signed in");
      const cookie = String(users.size + 1);
      users.set(cookie, JSON.parse(body).username);
      return void response.writeHead(303, { "Set-Cookie": `l1=${cookie}; HttpOnly`, Location: "/" }).end();
    }
    const user = users.get(/l1=(\d+)/.exec(request.headers.cookie ?? "")?.[1] ?? "");
    response.writeHead(200, { "Content-Type": "text/html" }).end(`<p>Hello ${user ?? "stranger"}</p>`);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(Number(new URL(origin).port), "127.0.0.1", resolve);
  await promise;
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });
  return { origin, received, verify };
}
