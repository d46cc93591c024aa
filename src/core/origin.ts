/** An origin as URLs compare it; `undefined` for anything that is more, or less, than an http(s) origin. */
export function parseOrigin(text: string): URL | undefined {
  // What URLs leave out, or read as a slash, is no part of an origin.
  if (/[\s\\@]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const web = url.protocol === "https:" || url.protocol === "http:";
  return web && url.href === `${url.origin}/` ? url : undefined;
}

/** Which of those origins is meant; `undefined` where none is. */
export function findOrigin(origins: readonly string[], text: string): string | undefined {
  const origin = parseOrigin(text)?.origin;
  return origins.find((candidate) => candidate === origin);
}
