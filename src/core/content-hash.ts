/** What names a file by its bytes: SHA3-256, the ecosystem's default, or an IPFS CID. */
export interface ContentHash {
  readonly algorithm: "sha3-256" | "cid";
  /** 64 lower-case hex digits, or the CID as it was written. */
  readonly value: string;
}

const sha3 = /^(?:sha3-256:)?([0-9a-f]{64})$/i;

/**
 * CIDv0 (base58btc), and CIDv1 in base32, base36, base16 and base58btc; 128 characters at most. The version is part of
 * what is asked for, so that a SHA3-256 hash with a digit too many is none.
 */
const cid =
  /^(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|ba[e-h][a-z2-7]{48,125}|k[0-9a-z]{50,127}|f01[0-9a-f]{62,125}|z[1-9A-HJ-NP-Za-km-z]{46,127})$/;

/**
 * Reads a content hash as users write it: hex in any case, with or without the prefix `sha3-256:`, or a CID.
 * Gives `undefined` for anything else.
 */
export function parseContentHash(text: string): ContentHash | undefined {
  const hex = sha3.exec(text)?.[1];
  if (hex != null) return { algorithm: "sha3-256", value: hex.toLowerCase() };
  return cid.test(text) ? { algorithm: "cid", value: text } : undefined;
}
