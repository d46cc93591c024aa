import type { AssetJson } from "../asset-json.ts";
import { httpUrl } from "./http-url.ts";

const kinds = ["image", "video", "audio"] as const;

/** What a browser can show of an asset. */
export interface MediaSource {
  readonly kind: (typeof kinds)[number];
  readonly src: string;
  /** A picture until a video plays. */
  readonly poster?: string | undefined;
}

/** The work itself, else its preview; `undefined` where there is neither. A thumbnail is always an image. */
export function findMediaSource(asset: AssetJson, thumbnail: boolean): MediaSource | undefined {
  const work = httpUrl(asset.url);
  const preview = httpUrl(asset.preview_url);
  const kind = findKind(asset);
  if (work != null && kind != null && !thumbnail) return { kind, src: work, poster: preview };
  const src = preview ?? (kind === "image" ? work : undefined);
  return src == null ? undefined : { kind: "image", src };
}

function findKind({
  media_type: mediaType,
  asset_type: assetType,
}: AssetJson): MediaSource["kind"] | undefined {
  const kind = mediaType == null ? assetType : mediaType.split("/", 1)[0];
  return kinds.find((known) => known === kind);
}
