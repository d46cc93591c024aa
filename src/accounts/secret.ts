import { readFile } from "node:fs/promises";
import { readGeneratedSecret } from "./generated-secret.ts";

/**
 * The secret under which tokens are signed: the configured one, else the content of the secret file (Docker's), else
 * the one generated at the first start, which lies in the data directory. At least 32 bytes; throws where it is shorter.
 */
export async function loadJwtSecret(options: {
  readonly configured: string | undefined;
  readonly secretFile: string;
  readonly dataDirectory: string;
}): Promise<Uint8Array> {
  const secret =
    options.configured ??
    (await readSecret(options.secretFile)) ??
    (await readGeneratedSecret(options.dataDirectory, "jwt_secret"));
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length < 32) {
    throw new Error("The JWT secret must have at least 32 bytes. Make one with: openssl rand -hex 32");
  }
  return bytes;
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
