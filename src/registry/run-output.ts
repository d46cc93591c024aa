import type { Provenance } from "../claims/provenance.ts";
import type { ContentHash } from "../core/content-hash.ts";
import type { Unavailable } from "../l1/answer.ts";
import type { L1Client } from "../l1/client.ts";
import type { HashedOutput, HashWatch } from "../l1/hash-output.ts";
import type { RunInput } from "./run-input.ts";

export type FindOutputFailure =
  | Unavailable
  | Exclude<HashedOutput, { type: "hashed" }>
  /** Only files that are named by SHA3-256 can be checked. */
  | { readonly type: "not_checkable" }
  /** The file that the renderer serves has another hash than it says. */
  | { readonly type: "false_hash"; readonly stated: string; readonly found: string };

export type FoundOutput =
  | {
      readonly type: "found";
      readonly mediaType: string | undefined;
      readonly evidence: Provenance["evidence"];
    }
  | FindOutputFailure;

/** For the run and the media type together, in milliseconds: whoever asks is answered within eleven seconds. */
const time = 10_000;

/** What the media type may take where the run has taken nearly all. */
const least = 500;

/** Finds under which media type a renderer serves what came of a run, and, where it is told to, checks its bytes. */
export async function findOutput(
  l1: L1Client,
  output: { readonly l1Server: string; readonly contentHash: ContentHash; readonly began: number },
  input: RunInput,
  watch: HashWatch,
): Promise<FoundOutput> {
  const { l1Server, contentHash, began } = output;
  const file = { l1Server, hash: contentHash.value };
  if (input.verify_bytes === true) {
    if (contentHash.algorithm !== "sha3-256") return { type: "not_checkable" };
    const hashed = await l1.hashOutput(file, watch);
    if (hashed.type !== "hashed") return hashed;
    return hashed.digest === contentHash.value
      ? { type: "found", mediaType: hashed.mediaType, evidence: "bytes-checked" }
      : { type: "false_hash", stated: contentHash.value, found: hashed.digest };
  }
  const evidence = "stated-by-renderer";
  if (input.asset_type != null && input.media_type != null) {
    return { type: "found", mediaType: undefined, evidence };
  }
  const found = await l1.findMediaType(file, Math.max(least, time - (Date.now() - began)));
  return found.type === "answered" ? { type: "found", mediaType: found.mediaType, evidence } : found;
}
