import { decodeMultibase, encodeMultibase } from "@fedify/vocab-runtime";
import { formatInstant } from "../core/time.ts";
import { asObject, canonicalBytes, type JsonObject, toCanonicalText } from "./json.ts";

/** An Ed25519 private key and the IRI by which others find its public half. */
export interface ProofKey {
  readonly privateKey: CryptoKey;
  readonly verificationMethod: string;
}

/**
 * The document with an `eddsa-jcs-2022` proof (FEP-8b32, W3C Data Integrity EdDSA 1.0 section 3.3) over its RFC 8785
 * form. The proof repeats the document's whole `@context`, without which Fedify and Mastodon verify nothing.
 */
export async function prove(document: JsonObject, key: ProofKey, created: Date): Promise<JsonObject> {
  const options: JsonObject = {
    "@context": document["@context"] ?? [],
    type: "DataIntegrityProof",
    cryptosuite: "eddsa-jcs-2022",
    verificationMethod: key.verificationMethod,
    proofPurpose: "assertionMethod",
    created: formatInstant(created),
  };
  const signature = await crypto.subtle.sign("Ed25519", key.privateKey, await digest(document, options));
  const proofValue = new TextDecoder().decode(encodeMultibase("base58btc", new Uint8Array(signature)));
  return { ...document, proof: { ...options, proofValue } };
}

/** The IRI of the key with which a document says it was proved; `undefined` where it carries no proof of ours. */
export function findVerificationMethod(document: JsonObject): string | undefined {
  const proof = asObject(document["proof"]);
  if (proof?.["type"] !== "DataIntegrityProof" || proof["cryptosuite"] !== "eddsa-jcs-2022") return undefined;
  const method = proof["verificationMethod"];
  return typeof method === "string" ? method : undefined;
}

/**
 * Whether a document's `eddsa-jcs-2022` proof was made over exactly this document with the private half of
 * `publicKey`. Whose key that is, and whether it may speak for the document's actor, is the caller's to find out.
 * An LD signature beside the proof was made after it and is left out.
 */
export async function verifyProof(document: JsonObject, publicKey: CryptoKey): Promise<boolean> {
  const { proof: rawProof, signature: _later, ...unsecured } = document;
  const proof = asObject(rawProof);
  if (proof == null || findVerificationMethod(document) == null || publicKey.algorithm.name !== "Ed25519")
    return false;
  const { proofValue, ...options } = proof;
  if (options["proofPurpose"] !== "assertionMethod" || typeof proofValue !== "string") return false;
  const signature = decodeSignature(proofValue);
  if (signature == null) return false;
  const data = await digestProved(unsecured, options);
  return data != null && (await crypto.subtle.verify("Ed25519", publicKey, signature, data));
}

/** What was signed; `undefined` where the proof is for another `@context`, or the document has no canonical form. */
async function digestProved(
  document: JsonObject,
  options: JsonObject,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const own = document["@context"] ?? null;
  const context = options["@context"] ?? own;
  try {
    if (toCanonicalText(context) !== toCanonicalText(own)) return undefined;
    return await digest(document, { ...options, "@context": context });
  } catch {
    return undefined;
  }
}

async function digest(document: JsonObject, options: JsonObject): Promise<Uint8Array<ArrayBuffer>> {
  const hash = new Uint8Array(64);
  hash.set(new Uint8Array(await crypto.subtle.digest("SHA-256", canonicalBytes(options))), 0);
  hash.set(new Uint8Array(await crypto.subtle.digest("SHA-256", canonicalBytes(document))), 32);
  return hash;
}

function decodeSignature(proofValue: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/.test(proofValue)) return undefined;
  const bytes = new Uint8Array(decodeMultibase(proofValue));
  return bytes.length === 64 ? bytes : undefined;
}
