import { putBounded } from "./bounded.ts";

export interface FlightsOptions {
  /** Whether to remember an error; what is not remembered is tried again by the next caller. */
  remembers: (error: unknown) => boolean;
  /** For how long, in milliseconds. */
  failureTime: number;
  /** How many errors; the oldest are forgotten. */
  failures: number;
  /** The time in milliseconds. */
  now: () => number;
}

/**
 * Work of which one at a time runs for a key, and is not tried again for a while when it has failed.
 *
 * The function it returns starts the work, joins the running one, or fails with the remembered error.
 */
export function createFlights<T>(
  options: FlightsOptions,
): (key: string, work: () => Promise<T>) => Promise<T> {
  const { now } = options;
  const failed = new Map<string, { error: unknown; until: number }>();
  const running = new Map<string, Promise<T>>();

  async function fly(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (options.remembers(error)) {
        putBounded(failed, key, { error, until: now() + options.failureTime }, options.failures);
      }
      throw error;
    } finally {
      running.delete(key);
    }
  }

  return (key, work) => {
    const failure = failed.get(key);
    if (failure != null && now() < failure.until) return Promise.reject(failure.error);
    const joined = running.get(key);
    if (joined != null) return joined;
    const flight = fly(key, work);
    running.set(key, flight);
    return flight;
  };
}
