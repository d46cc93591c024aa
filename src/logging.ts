import { AsyncLocalStorage } from "node:async_hooks";
import { configure, getConsoleSink, type LogLevel, reset } from "@logtape/logtape";

/**
 * Sends the log to standard output and error, one line an event. Fedify's own log is kept to what somebody must know:
 * it calls ordinary refusals errors, and repeats whole activities.
 */
export async function configureLogging(level: LogLevel): Promise<void> {
  await reset();
  await configure({
    contextLocalStorage: new AsyncLocalStorage(),
    sinks: { console: getConsoleSink() },
    loggers: [
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["console"] },
      { category: ["artdag"], lowestLevel: level, sinks: ["console"] },
      { category: ["fedify"], lowestLevel: level === "debug" ? "debug" : "fatal", sinks: ["console"] },
    ],
  });
}
