import type { Paths } from "../core/paths.ts";
import type { AssetView } from "../db/assets.ts";
import { type Links, type ProvenanceJson, toProvenanceJson } from "./provenance-json.ts";

/** An asset as programs and pages see it. Absent values are `null`; all links are URLs. */
export interface AssetJson {
  readonly name: string;
  readonly content_hash: string;
  readonly hash_algorithm: "sha3-256" | "cid";
  readonly asset_type: AssetView["asset_type"];
  readonly tags: readonly string[];
  readonly metadata: unknown;
  readonly description: string | null;
  readonly url: string | null;
  readonly media_type: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Seconds. */
  readonly duration: number | null;
  readonly alt: string | null;
  readonly blurhash: string | null;
  readonly preview_url: string | null;
  readonly license: string | null;
  readonly language: string | null;
  readonly sensitive: boolean;
  readonly content_warning: string | null;
  /** Username. */
  readonly owner: string;
  readonly created_at: string;
  /** When it was last changed. */
  readonly updated_at: string | null;
  readonly index: number;
  readonly activity: string;
  /** The newest activity about it: the claim, or the last change. */
  readonly latest_activity: string;
  readonly object: string;
  readonly page: string;
  /** The post that shows it to followers. */
  readonly post: string | null;
  /** What people here and on other servers made of the post. */
  readonly likes: number;
  readonly shares: number;
  readonly replies: number;
  /** Whether somebody else claims the same hash. */
  readonly contested: boolean;
  /** The first claim to the hash that still stands, where this is a later one. */
  readonly first_claim: string | null;
  readonly provenance: ProvenanceJson | null;
}

export function toAssetJson(paths: Paths, asset: AssetView, links?: Links): AssetJson {
  const index = asset.activity_index;
  const hash = { value: asset.content_hash };
  return {
    name: asset.name,
    content_hash: asset.content_hash,
    hash_algorithm: asset.hash_algorithm,
    asset_type: asset.asset_type,
    tags: asset.tags,
    metadata: asset.metadata,
    description: asset.description,
    url: asset.url,
    media_type: asset.media_type,
    width: asset.width,
    height: asset.height,
    duration: asset.duration,
    alt: asset.alt,
    blurhash: asset.blurhash,
    preview_url: asset.preview_url,
    license: asset.license,
    language: asset.language,
    sensitive: asset.sensitive,
    content_warning: asset.content_warning,
    owner: asset.owner,
    created_at: asset.created.toISOString(),
    updated_at: asset.updated?.toISOString() ?? null,
    index,
    activity: paths.activity(index),
    latest_activity: paths.activity(asset.latest_index),
    object: paths.object(hash, asset.later_claim ? index : undefined),
    page: paths.assetPage(asset.name),
    post: asset.post === "none" ? null : paths.note(index),
    likes: asset.likes,
    shares: asset.shares,
    replies: asset.replies,
    contested: asset.contested,
    first_claim:
      asset.first_index == null || asset.first_index === index ? null : paths.activity(asset.first_index),
    provenance: toProvenanceJson(paths, asset, links),
  };
}
