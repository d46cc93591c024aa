import { signRequest } from "@fedify/fedify";
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

/** Signs a request as a user: draft-cavage with RSA, which every server reads. */
export async function signAsUser(
  keys: KeyRing,
  paths: Paths,
  username: string,
  request: Request,
): Promise<Request> {
  const { rsa } = await keys.get(username);
  return await signRequest(request, rsa.privateKey, new URL(rsaKeyId(paths.actor(username))));
}

/** Signs a request as the server itself: what it fetches, it fetches for no user. */
export async function signAsInstance(keys: KeyRing, paths: Paths, request: Request): Promise<Request> {
  const { rsa } = await keys.get(instanceKeyName);
  return await signRequest(request, rsa.privateKey, new URL(rsaKeyId(paths.instanceActor)));
}
