import { parseAccept } from "hono/utils/accept";

const html = ["text/html", "application/xhtml+xml"];
const json = ["application/activity+json", "application/ld+json", "application/json"];

/** Whether the client would rather have a page than JSON, by `Accept` with its quality values (RFC 9110, 12.5.1). */
export function prefersHtml(accept: string | undefined): boolean {
  const ranges = parseAccept(accept ?? "").map(({ type, q }) => ({ type: type.toLowerCase(), q }));
  const quality = (...steps: (readonly string[])[]) => {
    // The most particular ranges that name a type decide over it.
    const named = steps.map((types) => ranges.filter(({ type }) => types.includes(type)));
    return Math.max(0, ...(named.find((matches) => matches.length > 0) ?? []).map(({ q }) => q));
  };
  // Whoever takes anything gets JSON, so only what names HTML counts for it.
  const page = quality(html, ["text/*"]);
  return page > 0 && page >= quality(json, ["application/*"], ["*/*"]);
}
