/** ISO 8601 in UTC to the second, as ActivityPub documents write it: `2026-11-22T12:00:00Z`. */
export function formatInstant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The time now, cut to the second, as documents state it. */
export function wholeSecond(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}

/** Seconds as an `xsd:duration` to the millisecond: `PT12.5S`. Readers refuse more than nine decimals, or an exponent. */
export function formatDuration(seconds: number): string {
  return `PT${Number(seconds.toFixed(3))}S`;
}
