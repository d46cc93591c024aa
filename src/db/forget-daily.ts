import { getLogger } from "@logtape/logtape";

const logger = getLogger(["artdag", "db", "forget"]);
const batch = 5000;
const day = 24 * 3600 * 1000;

/**
 * Deletes once a day, from now until the signal, what is too old to matter: `forget` deletes so many rows at most and
 * gives how many they were, and is called again while it found so many. `what` names them in the log.
 */
export function forgetDaily(
  what: string,
  forget: (limit: number) => Promise<number>,
  signal: AbortSignal,
): void {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer));
  void forgetAll();

  async function forgetAll(): Promise<void> {
    try {
      let forgotten = 0;
      for (let last = batch; last === batch && !signal.aborted; forgotten += last) last = await forget(batch);
      if (forgotten > 0) logger.info("{forgotten} {what} are forgotten.", { forgotten, what });
    } catch (error) {
      logger.warn("Old {what} could not be forgotten: {error}", { what, error });
    }
    if (!signal.aborted) timer = setTimeout(() => void forgetAll(), day);
  }
}
