import { isClusterWorker, startCluster } from "./cluster.ts";
import { loadConfig } from "./config.ts";
import { configureLogging } from "./logging.ts";
import { startServer, stopOnSignal } from "./serve.ts";
import { describeStart } from "./welcome.ts";

/** Runs the server until it is told to stop. Throws where it can't start. */
export async function run(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const config = loadConfig(env);
  await configureLogging(config.logLevel);
  if (config.processes > 1 && !isClusterWorker()) {
    stopOnSignal(await startCluster(config));
    return;
  }
  const server = await startServer(config);
  stopOnSignal(() => server.stop());
  process.stdout.write(describeStart(config, server.firstPassword));
}
