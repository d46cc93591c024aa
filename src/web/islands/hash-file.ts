import type { HashMessage } from "./hash-messages.ts";

/**
 * SHA3-256 of a file, computed beside the page without ever holding the file in memory. `onProgress` gets the bytes
 * that are done. Rejects when the file cannot be read, and with the signal's reason once that is aborted.
 */
export function hashFile(
  file: File,
  { onProgress, signal }: { onProgress: (bytes: number) => void; signal: AbortSignal },
): Promise<string> {
  const worker = new Worker("/hash-worker.js", { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  worker.addEventListener("message", ({ data }: MessageEvent<HashMessage>) => {
    if (data.type === "progress") onProgress(data.bytes);
    else if (data.type === "done") resolve(data.hash);
    else reject(new Error(data.reason));
  });
  worker.addEventListener("error", ({ message }) =>
    reject(new Error(message || "The file could not be hashed.")),
  );
  signal.addEventListener("abort", () => reject(signal.reason));
  worker.postMessage(file, []);
  return promise.finally(() => worker.terminate());
}
