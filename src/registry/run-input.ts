import { z } from "zod";
import type { Work } from "../claims/work.ts";
import type { ContentHash } from "../core/content-hash.ts";
import type { AssetType } from "../core/media.ts";
import { renderer } from "../core/paths.ts";
import { isRunId } from "../core/run-id.ts";
import { assetInput, toWork } from "./asset-input.ts";

const fixed = z.custom<never>(() => false, "is what the run says").optional();

/**
 * What `POST /assets/record-run` takes: which run, the name of what came of it, and what `POST /assets` takes beside
 * name and hash.
 */
export const runInput = assetInput.omit({ name: true, content_hash: true }).extend({
  run_id: z.string().refine(isRunId, "must be 1 to 128 letters A-Z, a-z, digits, _ or -"),
  l1_server: z.string().max(2048),
  output_name: assetInput.shape.name,
  asset_type: assetInput.shape.asset_type.nullish(),
  verify_bytes: z.boolean().nullish(),
  content_hash: fixed,
});
export type RunInput = z.output<typeof runInput>;

/** A file of a renderer: its hash, and the media type under which it is served. */
export interface Output {
  readonly contentHash: ContentHash;
  readonly mediaType: string | undefined;
}

/** The work that came of a run. What the user says of it goes before what the renderer says. */
export function toRunWork(input: RunInput, l1Server: string, { contentHash, mediaType }: Output): Work {
  const { output_name: name, run_id: _id, l1_server: _server, verify_bytes: _verify, ...stated } = input;
  return toWork({
    ...stated,
    name,
    content_hash: contentHash,
    asset_type: input.asset_type ?? toAssetType(mediaType),
    url: input.url ?? renderer.cache(l1Server, contentHash.value),
    media_type: input.media_type ?? mediaType,
  });
}

function toAssetType(mediaType: string | undefined): AssetType {
  const kind = mediaType?.split("/", 1)[0];
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "other";
}
