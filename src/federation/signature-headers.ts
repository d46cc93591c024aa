/** What a request says of its HTTP signature, before anything of it is verified. */
export interface SignatureHeaders {
  /** IRI of the key. */
  readonly keyId: URL;
  /** Lower-case names of what is signed. */
  readonly covered: ReadonlySet<string>;
  /** When it was made: its `created` parameter, or for draft-cavage the `Date` of the request. */
  readonly dated: Date | undefined;
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
  const parameters = readParameters(
    (headers.get("signature") ?? "")
      .split(",")
      .map((pair) => /^\s*([a-zA-Z]+)=(?:"([^"]*)"|(\d+))\s*$/.exec(pair)),
  );
  const keyId = URL.parse(parameters?.get("keyId") ?? "");
  if (parameters == null || keyId == null || !isBase64(parameters.get("signature"))) return undefined;
  // Times that are no times make Fedify throw.
  const times = [parameters.get("created"), parameters.get("expires")];
  if (!times.every((time) => time == null || /^\d{1,11}$/.test(time))) return undefined;
  const digest = /(?:^|,)\s*(SHA-256|SHA-512)=([A-Za-z0-9+/=]+)/i.exec(headers.get("digest") ?? "");
  return {
    keyId,
    // Without this parameter only the date is signed (section 2.1.6).
    covered: new Set((parameters.get("headers") ?? "date").toLowerCase().split(/\s+/)),
    dated: toDate(Date.parse(headers.get("date") ?? "")),
    digest: toDigest(digest),
    spec: "draft-cavage",
  };
}

function parseRfc9421(headers: Headers, input: string): SignatureHeaders | undefined {
  const match = /^\s*([a-z*][a-z0-9_.*-]*)=\(([^()]*)\)((?:;[a-z]+=(?:"[^"\\]*"|\d+))*)\s*$/.exec(input);
  const [, label, list, tail] = match ?? [];
  if (label == null || list == null || tail == null) return undefined;
  const signature = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\s*$/.exec(headers.get("signature") ?? "");
  if (signature?.[1] !== label || !isBase64(signature[2])) return undefined;
  const parameters = readParameters([...tail.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g)]);
  const keyId = URL.parse(parameters?.get("keyid") ?? "");
  if (parameters == null || keyId == null) return undefined;
  const items = list.trim() === "" ? [] : list.trim().split(/\s+/);
  // Parameters of a component narrow what it covers; none of those we need has any.
  const covered = items.flatMap((item) => /^"([^"]+)"$/.exec(item)?.[1] ?? []);
  const digest = /(?:^|,)\s*(sha-256|sha-512)=:([A-Za-z0-9+/=]+):/i.exec(headers.get("content-digest") ?? "");
  return {
    keyId,
    covered: new Set(covered),
    dated: toDate(Number(parameters.get("created") ?? Number.NaN) * 1000),
    digest: toDigest(digest),
    spec: "rfc9421",
  };
}

/** The parameters by name; `undefined` where one is not well-formed, or stands there twice. */
function readParameters(matches: readonly (RegExpExecArray | null)[]): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const match of matches) {
    const [, name, quoted, bare] = match ?? [];
    if (name == null || parameters.has(name)) return undefined;
    parameters.set(name, quoted ?? bare ?? "");
  }
  return parameters;
}

/** Whether method, target (path and host), body and time are all signed. */
export function coversRequest({ spec, covered, dated }: SignatureHeaders): boolean {
  const has = (...names: string[]) => names.every((name) => covered.has(name));
  if (spec === "draft-cavage") return has("(request-target)", "host", "date", "digest");
  const target = has("@target-uri") || (has("@path") && (has("@authority") || has("host")));
  return has("@method", "content-digest") && target && dated != null;
}

function toDate(milliseconds: number): Date | undefined {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isBase64(text: string | undefined): boolean {
  return text != null && /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
}

function toDigest(match: RegExpExecArray | null): SignatureHeaders["digest"] {
  const [, algorithm, value] = match ?? [];
  if (algorithm == null || value == null) return undefined;
  return { algorithm: algorithm.toUpperCase() as "SHA-256" | "SHA-512", value };
}
