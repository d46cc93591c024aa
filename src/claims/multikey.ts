import { exportMultibaseKey, importMultibaseKey } from "@fedify/vocab-runtime";

/** The `publicKeyMultibase` of a public key (Multikey, base58btc): `z6Mk...` for Ed25519. */
export function encodeMultikey(publicKey: CryptoKey): Promise<string> {
  return exportMultibaseKey(publicKey);
}

/** Reads a `publicKeyMultibase`. Throws where it is no key that is known. */
export function decodeMultikey(multibase: string): Promise<CryptoKey> {
  return importMultibaseKey(multibase);
}
