import { Temporal as Polyfill } from "@js-temporal/polyfill";

/** The time as Fedify's vocabulary wants it; Node 24 has no Temporal of its own. */
export function toInstant(date: Date): Temporal.Instant {
  return Polyfill.Instant.fromEpochMilliseconds(date.getTime()) as unknown as Temporal.Instant;
}

/** A span of time as Fedify's stores want it. */
export function toDuration(duration: { hours?: number; minutes?: number }): Temporal.Duration {
  return Polyfill.Duration.from(duration) as unknown as Temporal.Duration;
}
