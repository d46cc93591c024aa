/** An answer that is the same for everybody. */
export interface KeptAnswer {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array<ArrayBuffer>;
  /** A weak entity tag of the body (RFC 9110, 8.8.3). */
  readonly etag: string;
  /** When its making began, in milliseconds: what it says was so then. */
  readonly begun: number;
}

export interface AnswerCache {
  /** What is kept for the key, or is being made: `undefined` in the end where it turned out to be for one alone. */
  find(key: string): Promise<KeptAnswer | undefined> | undefined;
  /** Says that an answer is being made; what is given to the returned function goes to all who wait for it. */
  begin(key: string): (answer: KeptAnswer | undefined) => void;
  /** Forgets all, also what is being made at this moment. */
  clear(): void;
  /** In milliseconds. */
  now(): number;
}

export interface AnswerCacheOptions {
  /** How old an answer may get. 0: nothing is kept, nor shared while it is made. */
  readonly seconds: number;
  /** How many bytes of bodies are kept; the ones that were made longest ago make room. */
  readonly bytes: number;
  readonly now?: () => number;
}

/** What a kept answer takes beside its body, about. */
const overhead = 1024;

/** Keeps answers for a moment, and lets many who ask for the same at once wait for one making of it. */
export function createAnswerCache({
  seconds,
  bytes,
  now = () => performance.now(),
}: AnswerCacheOptions): AnswerCache {
  const kept = new Map<string, KeptAnswer>();
  const making = new Map<string, Promise<KeptAnswer | undefined>>();
  let size = 0;

  function remove(key: string): void {
    size -= weigh(kept.get(key));
    kept.delete(key);
  }

  function keep(key: string, answer: KeptAnswer): void {
    remove(key);
    kept.set(key, answer);
    size += weigh(answer);
    for (const oldest of kept.keys()) {
      if (size <= bytes) return;
      remove(oldest);
    }
  }

  return {
    now,
    find(key) {
      const answer = kept.get(key);
      if (answer == null) return making.get(key);
      if (now() - answer.begun < seconds * 1000) return Promise.resolve(answer);
      remove(key);
      return making.get(key);
    },
    begin(key) {
      if (seconds === 0) return () => undefined;
      const { promise, resolve } = Promise.withResolvers<KeptAnswer | undefined>();
      making.set(key, promise);
      return (answer) => {
        resolve(answer);
        // Where it is no more the one that is waited for, something was changed after it had begun.
        if (making.get(key) !== promise) return;
        making.delete(key);
        if (answer != null) keep(key, answer);
      };
    },
    clear() {
      kept.clear();
      making.clear();
      size = 0;
    },
  };
}

function weigh(answer: KeptAnswer | undefined): number {
  return answer == null ? 0 : answer.body.byteLength + overhead;
}
