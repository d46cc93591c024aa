/** What a request says of its HTTP signature, before anything of it is verified. */
export interface SignatureHeaders {
  /** IRI of the key. */
  readonly keyId: URL;
  /** Lower-case names of what is signed. */
  readonly covered: ReadonlySet<string>;
  /** When it was made, where the signature itself says so. */
  readonly created: Date | undefined;
  /** Of the body: algorithm and base64. */
  readonly digest: { readonly algorithm: "SHA-256" | "SHA-512"; readonly value: string } | undefined;
  readonly spec: "draft-cavage" | "rfc9421";
}

/**
 * Reads the headers of a signed request: RFC 9421 where there is a `Signature-Input`, else
 * draft-cavage-http-signatures-12, which is how Fedify chooses too. `undefined` where there is no signature, more than
 * one, or one that is not well-formed.
 */
export function parseSignatureHeaders(headers: Headers): SignatureHeaders | undefined {
  const input = headers.get("signature-input");
  return input == null ? parseCavage(headers) : parseRfc9421(headers, input);
}

function parseCavage(headers: Headers): SignatureHeaders | undefined {
  const header = headers.get("signature");
  if (header == null) return undefined;
  const parameters = new Map<string, string>();
  for (const [, name, quoted, bare] of header.matchAll(/([a-zA-Z]+)=(?:"([^"]*)"|(\d+))\s*(?:,|$)/g)) {
    if (name == null || parameters.has(name)) return undefined;
    parameters.set(name, quoted ?? bare ?? "");
  }
  const keyId = URL.parse(parameters.get("keyId") ?? "");
  if (keyId == null || !parameters.get("signature")) return undefined;
  // Without this parameter only the date is signed (section 2.1.6).
  const covered = new Set((parameters.get("headers") ?? "date").toLowerCase().split(/\s+/));
  const created = covered.has("(created)") ? Number(parameters.get("created")) : Number.NaN;
  const digest = /(?:^|,)\s*(SHA-256|SHA-512)=([A-Za-z0-9+/=]+)/i.exec(headers.get("digest") ?? "");
  return { keyId, covered, created: toDate(created), digest: toDigest(digest), spec: "draft-cavage" };
}

function parseRfc9421(headers: Headers, input: string): SignatureHeaders | undefined {
  const match = /^\s*([a-z*][a-z0-9_.*-]*)=\(([^()]*)\)((?:;[a-z]+=(?:"[^"]*"|\d+))*)\s*$/.exec(input);
  const [, label, list, parameters] = match ?? [];
  if (label == null || list == null || parameters == null) return undefined;
  if (!headers.get("signature")?.trim().startsWith(`${label}=:`)) return undefined;
  const items = list.trim() === "" ? [] : list.trim().split(/\s+/);
  // Parameters of a component narrow what it covers; none of those we need has any.
  const covered = items.flatMap((item) => /^"([^"]+)"$/.exec(item)?.[1] ?? []);
  const keyId = URL.parse(/;keyid="([^"]*)"/.exec(parameters)?.[1] ?? "");
  if (keyId == null) return undefined;
  const digest = /(?:^|,)\s*(sha-256|sha-512)=:([A-Za-z0-9+/=]+):/i.exec(headers.get("content-digest") ?? "");
  return {
    keyId,
    covered: new Set(covered),
    created: toDate(Number(/;created=(\d+)/.exec(parameters)?.[1] ?? Number.NaN)),
    digest: toDigest(digest),
    spec: "rfc9421",
  };
}

/** Whether method, target (path and host), body and time are all signed. */
export function coversRequest({ spec, covered, created }: SignatureHeaders): boolean {
  const has = (...names: string[]) => names.every((name) => covered.has(name));
  if (spec === "draft-cavage") {
    return has("(request-target)", "host", "digest") && (has("date") || created != null);
  }
  const target = has("@target-uri") || (has("@path") && (has("@authority") || has("host")));
  return has("@method", "content-digest") && target && created != null;
}

function toDate(seconds: number): Date | undefined {
  return Number.isFinite(seconds) ? new Date(seconds * 1000) : undefined;
}

function toDigest(match: RegExpExecArray | null): SignatureHeaders["digest"] {
  const [, algorithm, value] = match ?? [];
  if (algorithm == null || value == null) return undefined;
  return { algorithm: algorithm.toUpperCase() as "SHA-256" | "SHA-512", value };
}
