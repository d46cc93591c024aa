import { createPrivateKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import {
  calculateJwkThumbprint,
  exportJWK,
  exportPKCS8,
  generateKeyPair,
  importJWK,
  importPKCS8,
} from "jose";
import { KeyFileError } from "./key-files.ts";
import { makePrivateDirectory, tighten, writeOnce } from "./write-once.ts";

/** The key pair that signs tokens for others, and nothing else (ES256, RFC 7518, 3.4). */
export interface TokenKey {
  /** Its thumbprint (RFC 7638). */
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  /** The public half as it is published. */
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** The pair in the file `token_key.pem` of the data directory, made where there is none. Throws {@link KeyFileError}. */
export async function loadTokenKey(dataDirectory: string): Promise<TokenKey> {
  await makePrivateDirectory(dataDirectory);
  const file = path.join(dataDirectory, "token_key.pem");
  const made = await generateKeyPair("ES256", { extractable: true });
  await writeOnce(file, `${await exportPKCS8(made.privateKey)}\n`, 0o600);
  await tighten(file, 0o600);
  try {
    return await readTokenKey(await readFile(file, "utf8"));
  } catch {
    // The cause may quote what it could not parse.
    throw new KeyFileError(
      `${file} holds no private key for ES256 (P-256) in PEM. Restore it, or move it away.`,
    );
  }
}

async function readTokenKey(pem: string): Promise<TokenKey> {
  // Whatever form the PEM has, jose takes it as PKCS#8.
  const pkcs8 = createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }).toString();
  const { kty, crv, x, y } = await exportJWK(await importPKCS8(pkcs8, "ES256", { extractable: true }));
  if (kty !== "EC" || crv !== "P-256" || x == null || y == null) throw new TypeError("no key of P-256");
  const point = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(point);
  return {
    kid,
    privateKey: await importPKCS8(pkcs8, "ES256"),
    publicKey: (await importJWK(point, "ES256")) as CryptoKey,
    jwk: { ...point, kid, alg: "ES256", use: "sig" },
  };
}
