/**
 * A domain in the one spelling in which domains are compared: lower case, punycode, without port, userinfo and trailing
 * dot. Takes also `*.domain`, which means the same. `undefined` for what is no domain.
 */
export function normalizeDomain(text: string): string | undefined {
  const bare = text.trim().replace(/^\*\./, "");
  if (bare === "" || bare.length > 300 || /[/?#\\\s]/.test(bare)) return undefined;
  const domain = domainOf(`https://${bare}/`);
  // Obfuscated lists have stars in their domains, which stand for letters nobody knows.
  return domain == null || domain.length > 253 || domain.includes("*") ? undefined : domain;
}

/** The domain of an http(s) URL, normalised; `undefined` for other text. */
export function domainOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed == null || !/^https?:$/.test(parsed.protocol)) return undefined;
  return parsed.hostname.replace(/\.+$/, "") || undefined;
}

/** A normalised domain and those above it, the longest first: `a.b.c`, `b.c`, `c`. */
export function listParentDomains(domain: string): string[] {
  const labels = domain.split(".");
  return labels.map((_label, place) => labels.slice(place).join("."));
}

/** An actor's IRI in the one spelling in which they are compared; `undefined` for what is no http(s) URL. */
export function normalizeIri(text: string): string | undefined {
  const url = URL.parse(text);
  const domain = domainOf(text);
  if (url == null || domain == null) return undefined;
  url.username = "";
  url.password = "";
  url.hostname = domain;
  return url.href;
}
