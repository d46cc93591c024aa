import { readGeneratedSecret } from "./generated-secret.ts";

/**
 * The key under which withdrawn addresses are hashed. Without the file nobody can tell from the database which names
 * there were, nor by trying them; with another one, names that were burnt would be free again. Throws where it is short.
 */
export async function loadBurnSecret(dataDirectory: string): Promise<Uint8Array> {
  const key = Buffer.from(await readGeneratedSecret(dataDirectory, "burn_secret"), "hex");
  if (key.length < 32)
    throw new Error(`${dataDirectory}/burn_secret must hold at least 64 hexadecimal digits.`);
  return key;
}
