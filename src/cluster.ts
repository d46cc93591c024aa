import cluster, { type Worker } from "node:cluster";
import { getLogger } from "@logtape/logtape";
import type { Config } from "./config.ts";
import { startEmbeddedPostgres } from "./db/embedded.ts";

const logger = getLogger(["artdag", "cluster"]);

/** Whether this process is one of those that `startCluster` has made. */
export function isClusterWorker(): boolean {
  return cluster.isWorker;
}

/**
 * Runs the server in so many processes as the configuration says, which share the port and the database. One that dies
 * is replaced after a second. Gives what stops them all.
 */
export async function startCluster(config: Config): Promise<() => Promise<void>> {
  const embedded = config.databaseUrl == null ? await startEmbeddedPostgres(config.data) : undefined;
  const environment = { DATABASE_URL: config.databaseUrl ?? embedded?.url };
  let stopping = false;
  cluster.on("exit", (worker, code) => {
    if (stopping) return;
    logger.error("Process {pid} ended with {code}; another one takes its place.", {
      pid: worker.process.pid,
      code,
    });
    setTimeout(() => stopping || cluster.fork(environment), 1000);
  });
  for (let count = 0; count < config.processes; count++) cluster.fork(environment);
  return async () => {
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker): worker is Worker => worker != null);
    await Promise.all(workers.map(stopWorker));
    await embedded?.stop();
  };
}

async function stopWorker(worker: Worker): Promise<void> {
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  worker.process.kill("SIGTERM");
  await ended;
}
