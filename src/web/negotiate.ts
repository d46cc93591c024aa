import { parseAccept } from "hono/utils/accept";

/** Whether the client would rather have a page than JSON, by `Accept` with its quality values (RFC 9110, 12.5.1). */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept == null) return false;
  const ranges = parseAccept(accept);
  const quality = (types: readonly string[]) =>
    Math.max(0, ...ranges.filter(({ type }) => types.includes(type.toLowerCase())).map(({ q }) => q));
  const html = quality(["text/html", "application/xhtml+xml"]);
  return (
    html > 0 && html >= quality(["application/activity+json", "application/ld+json", "application/json"])
  );
}
