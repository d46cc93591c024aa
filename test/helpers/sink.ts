import { createServer } from "node:net";
import { afterAll } from "vitest";
import { findFreePort } from "./server.ts";

/** A server that takes connections and never says anything. */
export async function createSink(): Promise<{ readonly origin: string }> {
  const port = await findFreePort();
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(port, "127.0.0.1", resolve);
  await promise;
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return { origin: `http://127.0.0.1:${port}` };
}
