export type BodyResult =
  | { readonly type: "read"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "too_large" }
  | { readonly type: "too_slow" };

export interface BodyLimits {
  readonly bytes: number;
  /** For the whole of it, in milliseconds. */
  readonly time: number;
}

/** The bytes of a body, within limits. Nothing is read beyond them. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limits: BodyLimits,
): Promise<BodyResult> {
  if (body == null) return { type: "read", bytes: new Uint8Array() };
  const reader = body.getReader();
  const giveUp = () => void reader.cancel().catch(() => undefined);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, limits.time);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      size += part.value.byteLength;
      if (size > limits.bytes) {
        giveUp();
        return { type: "too_large" };
      }
      chunks.push(part.value);
    }
  } finally {
    clearTimeout(timer);
  }
  return late ? { type: "too_slow" } : { type: "read", bytes: new Uint8Array(Buffer.concat(chunks)) };
}
