import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** The two kinds of key an actor has: RSA for HTTP signatures, Ed25519 for proofs. */
export type KeyKind = "rsa" | "ed25519";

const algorithms = {
  rsa: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  ed25519: { name: "Ed25519" },
} as const;

/** A new key pair. RSA keys have 2048 bits: larger ones cost several times more at every signature. */
export async function generateKeyPair(kind: KeyKind): Promise<CryptoKeyPair> {
  const algorithm =
    kind === "rsa"
      ? { ...algorithms.rsa, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
      : algorithms.ed25519;
  return (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
}

/** PKCS#8 PEM. */
export async function exportPrivateKey(key: CryptoKey): Promise<string> {
  return toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", key));
}

/** SPKI PEM. */
export async function exportPublicKey(key: CryptoKey): Promise<string> {
  return toPem("PUBLIC KEY", await crypto.subtle.exportKey("spki", key));
}

/**
 * The key pair of a private key's PEM, PKCS#8 or PKCS#1. It is extractable, since Fedify takes no other for an actor.
 * Throws where the text is no key of that kind.
 */
export async function importKeyPair(kind: KeyKind, pem: string): Promise<CryptoKeyPair> {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== kind) throw new TypeError(`a key of the kind ${kind} was expected`);
  const der = new Uint8Array(key.export({ type: "pkcs8", format: "der" }));
  const privateKey = await crypto.subtle.importKey("pkcs8", der, algorithms[kind], true, ["sign"]);
  return { privateKey, publicKey: await importPublic(kind, createPublicKey(pem)) };
}

/** Whether a text is the PEM of that public key. */
export async function isPublicHalf(publicKey: CryptoKey, pem: string): Promise<boolean> {
  const expected = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  try {
    return createPublicKey(pem).export({ type: "spki", format: "der" }).equals(expected);
  } catch {
    return false;
  }
}

function importPublic(kind: KeyKind, key: KeyObject): Promise<CryptoKey> {
  const der = new Uint8Array(key.export({ type: "spki", format: "der" }));
  return crypto.subtle.importKey("spki", der, algorithms[kind], true, ["verify"]);
}

function toPem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
