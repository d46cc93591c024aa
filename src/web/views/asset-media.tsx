import type { AssetJson } from "../asset-json.ts";
import { findMediaSource, type MediaSource } from "./media-source.ts";

/** What there is to see or hear of an asset. A sensitive work stays behind its warning until it is asked for. */
export function AssetMedia({ asset, thumbnail = false }: { asset: AssetJson; thumbnail?: boolean }) {
  const source = findMediaSource(asset, thumbnail);
  if (source == null) return <Placeholder asset={asset} />;
  const media = <Media asset={asset} source={source} thumbnail={thumbnail} />;
  if (!asset.sensitive && asset.content_warning == null) return <div class="media">{media}</div>;
  return (
    <details class="media veiled">
      <summary>
        <span class="veil-title">Sensitive work</span>
        {asset.content_warning != null && (
          <span class="veil-warning" dir="auto" lang={asset.language ?? undefined}>
            {asset.content_warning}
          </span>
        )}
        <span class="veil-toggle"></span>
      </summary>
      {media}
    </details>
  );
}

interface MediaProps {
  readonly asset: AssetJson;
  readonly source: MediaSource;
  readonly thumbnail: boolean;
}

function Media({ asset, source, thumbnail }: MediaProps) {
  const size = { width: asset.width ?? undefined, height: asset.height ?? undefined };
  const label = asset.alt ?? asset.name;
  const lang = asset.language ?? undefined;
  if (source.kind === "audio") {
    return <audio controls preload="none" src={source.src} aria-label={label} lang={lang}></audio>;
  }
  if (source.kind === "video") {
    const preload = source.poster == null ? "metadata" : "none";
    return (
      <video
        controls
        playsinline
        preload={preload}
        src={source.src}
        poster={source.poster}
        aria-label={label}
        lang={lang}
        {...size}
      ></video>
    );
  }
  // Beside a thumbnail stands the name already.
  const alt = asset.alt ?? (thumbnail ? "" : asset.name);
  return <img src={source.src} alt={alt} lang={lang} loading="lazy" decoding="async" {...size} />;
}

function Placeholder({ asset }: { asset: AssetJson }) {
  return (
    <div class="media placeholder">
      <span>{asset.asset_type}</span>
    </div>
  );
}
