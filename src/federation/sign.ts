import { instanceKeyName } from "../accounts/key-files.ts";
import type { KeyRing } from "../accounts/key-ring.ts";
import { encodeMultikey } from "../claims/multikey.ts";
import type { ProofKey } from "../claims/proof.ts";
import type { Paths } from "../core/paths.ts";

/** The id of an actor's RSA key, as the Python server's actors have it. */
export function rsaKeyId(actor: string): string {
  return `${actor}#main-key`;
}

/** The key with which a user's documents are proved. Its id names the key itself, so that it outlives a rotation. */
export async function getProofKey(keys: KeyRing, paths: Paths, username: string): Promise<ProofKey> {
  const { ed25519 } = await keys.get(username);
  const multibase = await encodeMultikey(ed25519.publicKey);
  return { privateKey: ed25519.privateKey, verificationMethod: `${paths.actor(username)}#${multibase}` };
}

/** Signs a request as a user. */
export async function signAsUser(
  keys: KeyRing,
  paths: Paths,
  username: string,
  request: Request,
): Promise<Request> {
  const { rsa } = await keys.get(username);
  return await sign(request, rsa.privateKey, rsaKeyId(paths.actor(username)));
}

/** Signs a request as the server itself: what it fetches, it fetches for no user. */
export async function signAsInstance(keys: KeyRing, paths: Paths, request: Request): Promise<Request> {
  const { rsa } = await keys.get(instanceKeyName);
  return await sign(request, rsa.privateKey, rsaKeyId(paths.instanceActor));
}

/**
 * Signs by draft-cavage-http-signatures-12 with RSA, which every server reads, and covers what all of them ask for and
 * nothing else: a proxy in front of the receiver may rewrite any other header, as many do with `Accept-Encoding`. The
 * target is signed with its query. (Fedify's `signRequest` covers every header, and no query.)
 */
async function sign(request: Request, privateKey: CryptoKey, keyId: string): Promise<Request> {
  const { host, pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("Host", host);
  headers.set("Date", new Date().toUTCString());
  const body = request.body == null ? null : await request.arrayBuffer();
  if (body != null) headers.set("Digest", `SHA-256=${encode(await crypto.subtle.digest("SHA-256", body))}`);
  const covered = ["host", "date", ...(body == null ? [] : ["digest"])];
  const lines = [
    `(request-target): ${request.method.toLowerCase()} ${pathname}${search}`,
    ...covered.map((name) => `${name}: ${headers.get(name)}`),
  ];
  const text = new TextEncoder().encode(lines.join("\n"));
  const signature = encode(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", privateKey, text));
  const parameters = {
    keyId,
    algorithm: "rsa-sha256",
    headers: `(request-target) ${covered.join(" ")}`,
    signature,
  };
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
  headers.set("Signature", pairs.join(","));
  return new Request(request.url, { method: request.method, headers, body });
}

function encode(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString("base64");
}
