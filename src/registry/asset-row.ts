import type { z } from "zod";
import type { JsonObject } from "../claims/json.ts";
import type { Registration, Work } from "../claims/work.ts";
import type { AssetView } from "../db/assets.ts";
import { type assetInput, toWork } from "./asset-input.ts";

/** What a work states, as columns: all of it that may change later. */
export function toColumns(work: Work) {
  return {
    tags: [...work.tags],
    metadata: work.metadata == null ? null : JSON.stringify(work.metadata),
    description: work.description ?? null,
    url: work.url ?? null,
    media_type: work.mediaType ?? null,
    width: work.width ?? null,
    height: work.height ?? null,
    duration: work.duration ?? null,
    alt: work.alt ?? null,
    blurhash: work.blurhash ?? null,
    preview_url: work.previewUrl ?? null,
    license: work.license ?? null,
    language: work.language ?? null,
    sensitive: work.sensitive,
    content_warning: work.contentWarning ?? null,
    provenance: work.provenance == null ? null : JSON.stringify(work.provenance),
  };
}

/** A stored asset as the input that would register it. */
export function toInput(asset: AssetView): z.output<typeof assetInput> {
  return {
    ...asset,
    content_hash: { algorithm: asset.hash_algorithm, value: asset.content_hash },
    metadata: asset.metadata as JsonObject | null,
  };
}

/** The work of a stored asset where its input is this one: how it came to be is no input, and stays. */
export function toStoredWork(asset: AssetView, input: z.output<typeof assetInput>): Work {
  const provenance = asset.provenance as JsonObject | null;
  return { ...toWork(input), ...(provenance == null ? {} : { provenance }) };
}

/** The registration of a stored asset, with the work as it is to be told now. */
export function toRegistration(asset: AssetView, work: Work): Registration {
  return {
    work,
    username: asset.owner,
    index: asset.activity_index,
    published: asset.created,
    ...(asset.later_claim ? { laterIndex: asset.activity_index } : {}),
  };
}
