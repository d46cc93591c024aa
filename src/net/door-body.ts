import { pipeline, Readable, type Duplex } from "node:stream";
import { constants, createBrotliDecompress, createGunzip } from "node:zlib";
import { DoorError } from "./door-error.ts";

/** The content codings that {@link passBody} understands, as an `Accept-Encoding` header. */
export const acceptedEncodings = "gzip, br";

/** Compressed bytes may be somewhat more than the decoded ones: headers, and data that does not compress. */
const codingOverhead = 64 * 1024;

/**
 * Hands on a response body, decompressed, piece by piece, and stops as soon as it has more than `maxBytes`.
 *
 * @param url Named in errors.
 * @param coding The `Content-Encoding` of the response.
 * @throws {DoorError} `too_large`, or `network` for a coding that was not asked for. What the stream itself
 *   throws comes through.
 */
export async function passBody(
  url: URL,
  body: Readable,
  coding: string | null,
  maxBytes: number,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const decoder = createDecoder(url, coding);
  const decoded = decoder == null ? body : decode(url, body, decoder, maxBytes + codingOverhead);
  for await (const piece of atMost(url, decoded, maxBytes)) take(piece);
}

/** Gives up a body that nobody will read. Its connection is closed, as the rest may be endless. */
export function discardBody(body: Readable): void {
  body.on("error", () => {});
  body.destroy();
}

// Flushing at the end lets an answer without any body pass that names a coding all the same.
function createDecoder(url: URL, coding: string | null): Duplex | undefined {
  switch (coding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return undefined;
    case "gzip":
    case "x-gzip":
      return createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
    case "br":
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      throw new DoorError("network", url, "the answer has a content coding that was not asked for");
  }
}

function decode(url: URL, body: Readable, decoder: Duplex, maxBytes: number): Readable {
  // An endless compressed stream need not decode to anything, so that both sides are counted. Errors of the
  // body arrive at the reader through the decoder, which `pipeline` destroys with them.
  return pipeline(Readable.from(atMost(url, body, maxBytes)), decoder, () => {});
}

async function* atMost(url: URL, body: Readable, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new DoorError("too_large", url, `the answer has more than ${maxBytes} bytes`);
    yield chunk;
  }
}
