import { createHash } from "node:crypto";
import { renderer } from "../core/paths.ts";
import type { Door } from "../net/door.ts";
import { readMediaType, toUnavailable, type Unavailable } from "./answer.ts";

export type HashedOutput =
  | {
      readonly type: "hashed";
      /** SHA3-256 in lower-case hex. */
      readonly digest: string;
      readonly bytes: number;
      readonly mediaType: string | undefined;
    }
  | Unavailable
  /** As many files are being read as are read at once, or this one is. */
  | { readonly type: "busy" }
  /** The renderer does not give the file; says so as the rest of a sentence that begins with the renderer. */
  | { readonly type: "unusable"; readonly reason: string };

export interface HashWatch {
  /** Called with every piece; `total` is what the renderer says, where it does. Both are in bytes. */
  onProgress?(bytes: number, total: number | undefined): void;
  /** Ends the reading at the next piece. */
  readonly signal?: AbortSignal;
}

/** Reads a whole file of a renderer and hashes it, without holding it. */
export type HashOutput = (
  output: { readonly l1Server: string; readonly hash: string },
  watch: HashWatch,
) => Promise<HashedOutput>;

/** Each takes a connection and a share of a core, for minutes. */
const atOnce = 4;

/** How long one may take, in milliseconds: a renderer that sends a little now and then would keep its place for ever. */
const longest = 60 * 60 * 1000;

/** Creates what hashes files of at most `maxBytes`. A renderer that sends nothing for a while is given up by the door. */
export function createOutputHasher(door: Door, maxBytes: number): HashOutput {
  const running = new Set<string>();
  return async (output, watch) => {
    const url = renderer.cache(output.l1Server, output.hash);
    if (running.size >= atOnce || running.has(url)) return { type: "busy" };
    running.add(url);
    try {
      return await hashOutput(door, url, maxBytes, watch);
    } finally {
      running.delete(url);
    }
  };
}

async function hashOutput(
  door: Door,
  url: string,
  maxBytes: number,
  { onProgress, signal }: HashWatch,
): Promise<HashedOutput> {
  const hash = createHash("sha3-256");
  let bytes = 0;
  try {
    const { status, headers } = await door.fetch(url, {
      // A length that is told is then that of the file.
      headers: { "accept-encoding": "identity" },
      redirect: "error",
      maxBytes,
      totalTimeout: longest,
      take: (piece, headers) => {
        signal?.throwIfAborted();
        hash.update(piece);
        bytes += piece.length;
        onProgress?.(bytes, readLength(headers));
      },
    });
    if (status !== 200) {
      return {
        type: "unusable",
        reason: `answered with HTTP status ${status} when it was asked for the output`,
      };
    }
    return { type: "hashed", digest: hash.digest("hex"), bytes, mediaType: readMediaType(headers) };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    return toUnavailable(error);
  }
}

function readLength(headers: Headers): number | undefined {
  const length = headers.get("content-length") ?? "";
  return headers.has("content-encoding") || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
}
