import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { isUsername } from "../core/username.ts";
import {
  exportPrivateKey,
  exportPublicKey,
  generateKeyPair,
  importKeyPair,
  isPublicHalf,
  type KeyKind,
} from "./pem.ts";
import { makePrivateDirectory, tighten, writeOnce } from "./write-once.ts";

/** Under this name, which no user can have, stand the keys of the server's own actor. */
export const instanceKeyName = "instance.actor";

export interface ActorKeys {
  /** Signs HTTP requests. */
  readonly rsa: CryptoKeyPair;
  /** Proves documents. */
  readonly ed25519: CryptoKeyPair;
}

/** A key file that is missing, unreadable or not what it should be. Its message says what to do. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
}

/** The files of an actor's key, as the Python server named them; the Ed25519 key stands beside them. */
export function keyFiles(
  directory: string,
  name: string,
  kind: KeyKind,
): { private: string; public: string } {
  if (name !== instanceKeyName && !isUsername(name)) {
    throw new KeyFileError(`${JSON.stringify(name)} is no username.`);
  }
  const base = path.join(directory, kind === "rsa" ? name : `${name}.ed25519`);
  return { private: `${base}.pem`, public: `${base}.pub` };
}

/**
 * Makes what is missing of an actor's keys in `directory`, and loads them. Never overwrites a file; gives the names of
 * those it made. Throws {@link KeyFileError}.
 */
export async function ensureKeys(
  directory: string,
  name: string,
): Promise<{ keys: ActorKeys; created: string[] }> {
  await makePrivateDirectory(directory);
  const created: string[] = [];
  // Ed25519 comes first: an RSA key that stands alone is then always one of the Python server's.
  const ed25519 = await ensureKey(directory, name, "ed25519", created);
  const rsa = await ensureKey(directory, name, "rsa", created);
  return { keys: { rsa, ed25519 }, created };
}

/** Loads an actor's keys. Throws {@link KeyFileError} where one of them cannot be had. */
export async function loadKeys(directory: string, name: string): Promise<ActorKeys> {
  const [rsa, ed25519] = await Promise.all([
    loadKey(directory, name, "rsa"),
    loadKey(directory, name, "ed25519"),
  ]);
  return { rsa, ed25519 };
}

/** Whether the name has an RSA key but no Ed25519 key: the mark of an account of the Python server. */
export async function isInherited(directory: string, name: string): Promise<boolean> {
  const [rsa, ed25519] = (["rsa", "ed25519"] as const).map((kind) => keyFiles(directory, name, kind).private);
  return rsa != null && ed25519 != null && (await exists(rsa)) && !(await exists(ed25519));
}

async function ensureKey(
  directory: string,
  name: string,
  kind: KeyKind,
  created: string[],
): Promise<CryptoKeyPair> {
  const files = keyFiles(directory, name, kind);
  // In this order: whoever makes the key at this moment writes the private half first.
  const published = await exists(files.public);
  if (!(await exists(files.private))) {
    if (published) {
      throw new KeyFileError(
        `${files.public} stands there without ${files.private}. Restore the private key, or move the public one away.`,
      );
    }
    const pair = await generateKeyPair(kind);
    if (await writeOnce(files.private, await exportPrivateKey(pair.privateKey), 0o600))
      created.push(files.private);
  }
  const pair = await loadKey(directory, name, kind);
  if (await writeOnce(files.public, await exportPublicKey(pair.publicKey), 0o644)) created.push(files.public);
  return pair;
}

async function loadKey(directory: string, name: string, kind: KeyKind): Promise<CryptoKeyPair> {
  const files = keyFiles(directory, name, kind);
  try {
    await tighten(files.private, 0o600);
    const pair = await importKeyPair(kind, await readFile(files.private, "utf8"));
    if (
      (await exists(files.public)) &&
      !(await isPublicHalf(pair.publicKey, await readFile(files.public, "utf8")))
    ) {
      throw new KeyFileError(`${files.public} is not the public half of ${files.private}.`);
    }
    return pair;
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    // The cause may quote what it could not parse, so only its code is repeated.
    const code = error instanceof Error && "code" in error ? String(error.code) : "no key in PEM";
    throw new KeyFileError(`${files.private} could not be read (${code}).`);
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
