import type { Door } from "../net/door.ts";
import { type FetchedRun, fetchRun } from "./fetch-run.ts";
import { createOutputHasher, type HashOutput } from "./hash-output.ts";
import { findMediaType, type FoundMediaType } from "./media-type.ts";

/** Asks renderers. Where they may be asked at all is for the caller to check. */
export interface L1Client {
  /** What a renderer says of a run; `token` tells it who asks. */
  fetchRun(run: { l1Server: string; runId: string; token: string | undefined }): Promise<FetchedRun>;
  /** The media type under which a renderer serves a file; `time` is what that may take, in milliseconds. */
  findMediaType(output: { l1Server: string; hash: string }, time: number): Promise<FoundMediaType>;
  readonly hashOutput: HashOutput;
}

/** Creates the client; `maxBytes` is the size of the largest file that is hashed. */
export function createL1Client(door: Door, options: { readonly maxBytes: number }): L1Client {
  return {
    fetchRun: (run) => fetchRun(door, run),
    findMediaType: (output, time) => findMediaType(door, output, time),
    hashOutput: createOutputHasher(door, options.maxBytes),
  };
}
