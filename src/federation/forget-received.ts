import { getLogger } from "@logtape/logtape";
import { forgetReceived } from "../db/received.ts";
import type { Database } from "../db/schema.ts";

const logger = getLogger(["artdag", "federation", "inbox"]);

/**
 * How long it is remembered which activities were received or undone, in days. Nobody can replay one that long: what
 * carries it must be signed within the hour. Only its own server could send it again.
 */
const memory = 90;
const batch = 5000;
const day = 24 * 3600 * 1000;

/** Forgets once a day, from now until the signal, what is too old to matter. */
export function startForgetting(db: Database, signal: AbortSignal): void {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer));
  void forget();

  async function forget(): Promise<void> {
    try {
      let forgotten = 0;
      for (let last = batch; last === batch && !signal.aborted; forgotten += last) {
        last = await forgetReceived(db, { days: memory, limit: batch });
      }
      if (forgotten > 0) logger.info("{forgotten} ids of received activities are forgotten.", { forgotten });
    } catch (error) {
      logger.warn("Ids of received activities could not be forgotten: {error}", { error });
    }
    if (!signal.aborted) timer = setTimeout(() => void forget(), day);
  }
}
