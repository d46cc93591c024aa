const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: "UTC" });
const number = new Intl.NumberFormat("en-GB");

/** `22 Nov 2026`, or `22 Nov 2026, 12:00 UTC`. What is no date is given back as it came. */
export function formatDate(iso: string, withTime = false): string {
  const value = new Date(iso);
  if (Number.isNaN(value.getTime())) return iso;
  return withTime ? `${date.format(value)}, ${clock.format(value)} UTC` : date.format(value);
}

export function formatNumber(value: number): string {
  return number.format(value);
}

/** `1 work`, `2,000 works`. */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${number.format(count)} ${count === 1 ? singular : plural}`;
}

/** Seconds as `48 s`, `3 min 20 s` or `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return join(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  return join(Math.floor(minutes / 60), "h", minutes % 60, "min");
}

/** Where two line breaks or more stand, a paragraph ends; single ones are kept. */
export function toParagraphs(text: string): string[] {
  const paragraphs = text.replaceAll(/\r\n?/g, "\n").split(/\n\s*\n/);
  return paragraphs.map((paragraph) => paragraph.trim()).filter((paragraph) => paragraph !== "");
}

export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return `${number.format(large)} ${largeUnit}${small === 0 ? "" : ` ${small} ${smallUnit}`}`;
}
