import { type ActorKeys, ensureKeys, isInherited, loadKeys } from "./key-files.ts";

/** The private keys of the local actors: read from their files once, kept in memory, written nowhere else. */
export interface KeyRing {
  /** Throws `KeyFileError` where the keys of the name cannot be had. */
  get(name: string): Promise<ActorKeys>;
  /** Reads the name's files anew. Throws like `get`. */
  check(name: string): Promise<void>;
  /** Makes what is missing of the name's keys. */
  ensure(name: string): Promise<void>;
  /** Whether the name's key came from the Python server and belongs to no account here yet. */
  isInherited(name: string): Promise<boolean>;
}

/** The keys that lie in `directory`. */
export function createKeyRing(directory: string): KeyRing {
  const loaded = new Map<string, ActorKeys>();
  return {
    async get(name) {
      const keys = loaded.get(name) ?? (await loadKeys(directory, name));
      loaded.set(name, keys);
      return keys;
    },
    async check(name) {
      await loadKeys(directory, name);
    },
    async ensure(name) {
      const { keys } = await ensureKeys(directory, name);
      loaded.set(name, keys);
    },
    isInherited: (name) => isInherited(directory, name),
  };
}
