import { CryptographicKey } from "@fedify/vocab";
import type { DocumentLoader } from "@fedify/vocab-runtime";
import { exportJwk, fetchKeyDetailed, importJwk } from "@fedify/fedify";
import { getLogger } from "@logtape/logtape";
import { asObject } from "../claims/json.ts";
import { loadContext } from "../net/contexts.ts";
import { DocumentError, type DocumentReason } from "../net/document-error.ts";
import { findDocumentId } from "../net/document-id.ts";
import { createFlights } from "../net/flights.ts";
import { toDuration } from "./instant.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import { toReadableActor } from "./readable-actor.ts";

export type FoundKey = {
  readonly type: "found";
  readonly key: CryptographicKey;
  /** The actor whose own document, on its own origin, lists the key. */
  readonly owner: string;
  /** Whether it was known before it was asked for. */
  readonly remembered: boolean;
};
export type KeyResult =
  | FoundKey
  /** It is not there any more: its address answers 404, or 410, by which it says that this is for good. */
  | { readonly type: "gone"; readonly forGood: boolean }
  /** What there is, is no actor's key. */
  | { readonly type: "invalid" }
  /** Its server could not be asked now; asking again makes sense after so many seconds. */
  | { readonly type: "unreachable"; readonly seconds: number };

/** The keys of remote actors, fetched under the limits of remote documents and remembered for an hour. */
export interface RemoteKeys {
  find(keyId: URL): Promise<KeyResult>;
  /** Fetches a remembered key again, which may have changed; `undefined` where that was done in the last five minutes. */
  refresh(keyId: URL): Promise<KeyResult | undefined>;
}

type Store = Pick<KeyValueStore, "get" | "set" | "cas" | "delete">;

const logger = getLogger(["artdag", "federation", "keys"]);

const tenMinutes = 600;
/** How many keys that are none are remembered, for ten minutes. */
const failures = 10_000;

/** What may be otherwise the next time. */
const passing: ReadonlySet<DocumentReason> = new Set(["timeout", "network", "rate", "aborted"]);

/** Opens the memory of keys. `load` is what fetches documents, without a memory of its own for good ones. */
export function createRemoteKeys(kv: Store, load: DocumentLoader): RemoteKeys {
  const fly = createFlights<KeyResult>({
    remembers: (error) => error instanceof NoKeyError,
    failureTime: tenMinutes * 1000,
    failures,
    now: Date.now,
  });

  async function fetchKey(keyId: URL): Promise<KeyResult> {
    const seen = watch(load);
    const options = { documentLoader: seen.loader, contextLoader: loadContext };
    // It throws at what it can't read, which is the same as no key.
    const found = await fetchKeyDetailed(keyId, CryptographicKey, options).catch(() => undefined);
    if (seen.surprises.length > 0) throw seen.surprises[0];
    const owner = found?.key?.ownerId?.href;
    // The owner's own document lists the key; and it is the document of just that actor, not of one it led to.
    if (found?.key?.publicKey != null && owner != null && seen.ids.has(owner)) {
      await kv.set(place(keyId), await toStored(found.key.publicKey, owner), {
        ttl: toDuration({ hours: 1 }),
      });
      return { type: "found", key: found.key, owner, remembered: false };
    }
    const failure = seen.errors.map(judge).find(({ type }) => type !== "invalid") ?? { type: "invalid" };
    logger.debug("No key {keyId}: {failure}", { keyId: keyId.href, failure: failure.type });
    if (failure.type === "invalid") throw new NoKeyError();
    return failure;
  }

  async function fetchShared(keyId: URL): Promise<KeyResult> {
    try {
      return await fly(keyId.href, () => fetchKey(keyId));
    } catch (error) {
      if (error instanceof NoKeyError) return { type: "invalid" };
      throw error;
    }
  }

  return {
    async find(keyId) {
      return (await readStored(keyId, await kv.get(place(keyId)))) ?? (await fetchShared(keyId));
    },
    async refresh(keyId) {
      const mark = ["artdag", "key_refreshed", keyId.href] as const;
      if (!(await kv.cas(mark, undefined, true, { ttl: toDuration({ minutes: 5 }) }))) return undefined;
      const result = await fetchShared(keyId);
      if (result.type === "invalid" || result.type === "gone") await kv.delete(place(keyId));
      return result;
    },
  };
}

/** There is no such key. */
class NoKeyError extends Error {
  override readonly name = "NoKeyError";
}

/** The loader, of what Fedify can read, and what came of it: the ids of the documents, its errors, and our own ones. */
function watch(load: DocumentLoader) {
  const ids = new Set<string>();
  const errors: DocumentError[] = [];
  const surprises: unknown[] = [];
  const loader: DocumentLoader = async (url, options) => {
    try {
      const found = await load(url, options);
      if (URL.parse(found.documentUrl)?.origin !== URL.parse(url)?.origin) {
        throw new DocumentError("id", url, "it is on another origin");
      }
      const document = asObject(found.document);
      if (document == null) throw new DocumentError("json", url, "it is no object");
      const id = findDocumentId(document);
      if (id != null) ids.add(id.href);
      return { ...found, document: toReadableActor(document) };
    } catch (error) {
      if (error instanceof DocumentError) errors.push(error);
      else surprises.push(error);
      throw error;
    }
  };
  return { loader, ids, errors, surprises };
}

function judge({ reason, status }: DocumentError): Exclude<KeyResult, FoundKey> {
  if (status === 404 || status === 410) return { type: "gone", forGood: status === 410 };
  // A failure is remembered for ten minutes; that a host was asked too often, for one.
  if (reason === "rate") return { type: "unreachable", seconds: 60 };
  if (passing.has(reason) || (status != null && (status >= 500 || status === 429 || status === 408))) {
    return { type: "unreachable", seconds: tenMinutes };
  }
  return { type: "invalid" };
}

function place(keyId: URL): readonly [string, ...string[]] {
  return ["artdag", "key", keyId.href];
}

async function toStored(publicKey: CryptoKey, owner: string): Promise<object> {
  return { owner, jwk: await exportJwk(publicKey) };
}

async function readStored(id: URL, stored: unknown): Promise<FoundKey | undefined> {
  if (typeof stored !== "object" || stored == null || !("jwk" in stored) || !("owner" in stored))
    return undefined;
  const owner = String(stored.owner);
  const publicKey = await importJwk(Object(stored.jwk), "public");
  const key = new CryptographicKey({ id, owner: new URL(owner), publicKey });
  return { type: "found", key, owner, remembered: true };
}
