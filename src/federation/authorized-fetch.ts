import { asObject, type JsonObject } from "../claims/json.ts";
import type { Paths } from "../core/paths.ts";
import { describeProblem, type ProblemDetails } from "../core/problem.ts";
import type { BlockList } from "./block-list.ts";
import type { RemoteKeys } from "./inbound-keys.ts";
import { verifySignature } from "./inbound-signature.ts";
import { parseSignatureHeaders, type SignatureHeaders } from "./signature-headers.ts";

/** Says why a request may not have a document; `undefined` where it may. */
export type FindFetchProblem = (request: Request) => Promise<ProblemDetails | undefined>;

/**
 * Why a GET may not have a document where only known servers may: it must carry a valid HTTP signature over method,
 * path, host and date, by a key whose owner the server does not block. `undefined` where it may.
 */
export async function findFetchProblem(
  parts: {
    readonly keys: RemoteKeys;
    readonly blocked: BlockList;
    readonly paths: Pick<Paths, "origin" | "host">;
  },
  request: Request,
): Promise<ProblemDetails | undefined> {
  const signature = parseSignatureHeaders(request.headers);
  if (signature == null) return unauthorized("This server gives its documents to signed requests only.");
  if (!coversFetch(signature)) return unauthorized("The signature must cover method, path, host and date.");
  const { keyId } = signature;
  if (await parts.blocked.has(keyId.href)) return forbidden();
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  // What was signed for another host is verified against this one, and fails.
  headers.set("Host", parts.paths.host);
  const asked = new Request(parts.paths.origin + pathname + search, { method: request.method, headers });
  const result = await verifyFetch(parts.keys, asked, signature);
  switch (result.type) {
    case "verified":
      return (await parts.blocked.has(result.owner)) ? forbidden() : undefined;
    case "unreachable":
      return describeProblem(503, "The key of the signature could not be fetched now. Ask again later.");
    case "gone":
    case "invalid":
      return unauthorized("The HTTP signature is not valid.");
  }
}

/** An actor as strangers may see it: what is needed to find it and to check its signatures, and nothing about it. */
export function toMinimalActor(actor: JsonObject): JsonObject {
  const kept = ["@context", "id", "type", "preferredUsername", "url", "inbox", "endpoints"];
  const keys = ["publicKey", "assertionMethod"];
  return Object.fromEntries(
    Object.entries(asObject(actor) ?? {}).filter(([name]) => [...kept, ...keys].includes(name)),
  );
}

/** Some servers sign the path with the query, as draft-cavage has it, and some without, as Fedify verifies it. */
async function verifyFetch(keys: RemoteKeys, request: Request, signature: SignatureHeaders) {
  const withQuery = signature.spec === "draft-cavage" && new URL(request.url).search !== "";
  if (!withQuery) return await verifySignature(keys, request, signature.keyId);
  const found = await keys.find(signature.keyId);
  if (found.type !== "found") return found;
  if (await fitsWithQuery(request, found.key.publicKey))
    return { type: "verified", owner: found.owner } as const;
  const result = await verifySignature(keys, request, signature.keyId);
  if (result.type !== "invalid") return result;
  // The key may have been fetched again by now.
  const changed = await keys.find(signature.keyId);
  if (changed.type !== "found" || !(await fitsWithQuery(request, changed.key.publicKey))) return result;
  return { type: "verified", owner: changed.owner } as const;
}

/** Whether a draft-cavage signature (RSA, SHA-256) over the path with its query is the key's; its date within an hour. */
async function fitsWithQuery(request: Request, key: CryptoKey | null): Promise<boolean> {
  const header = request.headers.get("signature") ?? "";
  const names = /(?:^|,)\s*headers="([^"]*)"/.exec(header)?.[1]?.toLowerCase().split(/\s+/) ?? [];
  const value = /(?:^|,)\s*signature="([^"]*)"/.exec(header)?.[1];
  const age = Math.abs(Date.now() - Date.parse(request.headers.get("date") ?? ""));
  if (key?.algorithm.name !== "RSASSA-PKCS1-v1_5" || value == null || !(age <= 3_600_000)) return false;
  const { pathname, search } = new URL(request.url);
  const target = `${request.method.toLowerCase()} ${pathname}${search}`;
  const lines = names.map((name) => {
    return `${name}: ${name === "(request-target)" ? target : (request.headers.get(name) ?? "")}`;
  });
  const message = new TextEncoder().encode(lines.join("\n"));
  return await crypto.subtle.verify(key.algorithm.name, key, Buffer.from(value, "base64"), message);
}

function coversFetch({ spec, covered, dated }: SignatureHeaders): boolean {
  const has = (...names: string[]) => names.every((name) => covered.has(name));
  if (spec === "draft-cavage") return has("(request-target)", "host", "date");
  const target = has("@target-uri") || (has("@path") && (has("@authority") || has("host")));
  return has("@method") && target && dated != null;
}

function unauthorized(detail: string): ProblemDetails {
  return { ...describeProblem(401, detail), title: "Not authorised" };
}

function forbidden(): ProblemDetails {
  return describeProblem(403, "This server gives its documents to others only.");
}
