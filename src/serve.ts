import { serve as serveHttp } from "@hono/node-server";
import { getLogger } from "@logtape/logtape";
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";
import { startWorkers } from "./federation/workers.ts";
import { openResources, type Resources } from "./resources.ts";

const logger = getLogger(["artdag", "serve"]);

/** A server that runs in this process. */
export interface RunningServer {
  /** Of the first user, where he was made just now: to be shown once. */
  readonly firstPassword: string | undefined;
  /** Answers what was accepted, within 5 s, hands back unfinished jobs, and closes everything. */
  stop(): Promise<void>;
}

/** Opens everything, works and listens as far as the process's role says so. Throws where it can't start. */
export async function startServer(config: Config): Promise<RunningServer> {
  const resources = await openResources(config);
  try {
    const { federationContext, federation, firstPassword } = resources;
    const stopWorkers =
      config.role === "web" ? undefined : await startWorkers(federationContext, federation.federation);
    const stopListening = config.role === "worker" ? undefined : await listen(config, resources);
    return {
      firstPassword,
      async stop() {
        await stopListening?.();
        stopWorkers?.();
        await resources.close();
      },
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** Ctrl-C reaches the process from the terminal and once more from npm: so close together they are one. */
const oneSignal = 500;

/** Stops once on SIGTERM or SIGINT and ends the process well; at the second signal, or after 8 s, it ends at once. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stoppedAt: number | undefined;
  const onSignal = (signal: string): void => {
    if (stoppedAt != null) {
      if (performance.now() - stoppedAt > oneSignal) process.exit(1);
      return;
    }
    stoppedAt = performance.now();
    logger.info("Stopping on {signal}.", { signal });
    setTimeout(() => process.exit(1), 8000).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error("Stopping failed: {error}", { error });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/**
 * When connections are cut whose requests don't arrive: a while after whoever reads a body has answered that it was too
 * slow, so that this is for those that nobody reads.
 */
function cutSlowSockets(uploadSeconds: number) {
  return {
    headersTimeout: Math.min(15, uploadSeconds) * 1000,
    requestTimeout: (uploadSeconds + 5) * 1000,
    connectionsCheckingInterval: 1000,
  };
}

async function listen(config: Config, { web, federation }: Resources): Promise<() => Promise<void>> {
  const { host, port } = config.listen;
  const app = createApp({ web, federation, hosts: [new URL(config.origin).host, ...config.hosts] });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const serverOptions = cutSlowSockets(config.limits.uploadSeconds);
  const server = serveHttp({ fetch: app.fetch, hostname: host, port, serverOptions }, () => resolve());
  server.once("error", reject);
  await promise;
  return () =>
    new Promise((done) => {
      // What never ends by itself.
      web.logWatcher.close();
      const timer = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), 5000);
      server.close(() => {
        clearTimeout(timer);
        done();
      });
    });
}
