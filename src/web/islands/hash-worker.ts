import { createSHA3 } from "hash-wasm";
import type { HashMessage } from "./hash-messages.ts";

/** How often the page is told how far it has got, in milliseconds. */
const interval = 100;

// A worker of a browser: the types here are those of its pages.
const post = globalThis.postMessage as (message: HashMessage) => void;

addEventListener("message", ({ data }: MessageEvent<File>) => {
  hash(data).then(
    (digest) => post({ type: "done", hash: digest }),
    (error: unknown) =>
      post({ type: "failed", reason: error instanceof Error ? error.message : String(error) }),
  );
});

/** SHA3-256 of a file, read piece by piece, as 64 lower-case hex digits. */
async function hash(file: File): Promise<string> {
  const hasher = await createSHA3(256);
  hasher.init();
  const reader = file.stream().getReader();
  let bytes = 0;
  let told = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    hasher.update(piece.value);
    bytes += piece.value.length;
    if (performance.now() - told < interval) continue;
    told = performance.now();
    post({ type: "progress", bytes });
  }
  return hasher.digest();
}
