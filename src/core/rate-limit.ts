import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** A number of turns that each key has in a span of time. Each process counts for itself. */
export interface Limit {
  /** Takes a turn, or several. Where they are more than are left: in how many seconds there will be. */
  take(key: string, turns?: number): Promise<number | undefined>;
  /** The same without taking one. */
  check(key: string): Promise<number | undefined>;
}

/** Starts counting: `points` turns a key in so many seconds. */
export function createLimit(points: number, seconds: number): Limit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return {
    async take(key, turns = 1) {
      try {
        await limiter.consume(key, turns);
        return undefined;
      } catch (error) {
        if (error instanceof RateLimiterRes) return toSeconds(error);
        throw error;
      }
    },
    async check(key) {
      const state = await limiter.get(key);
      return state == null || state.consumedPoints < points ? undefined : toSeconds(state);
    },
  };
}

function toSeconds({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}
