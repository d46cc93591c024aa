import { local } from "../../core/paths.ts";
import type { AssetJson } from "../asset-json.ts";
import type { ProofState } from "../read-proof.ts";
import { Fact, Facts } from "./facts.tsx";
import { capitalize, formatDuration, formatNumber } from "./format.ts";
import { httpUrl } from "./http-url.ts";
import { ProofStateText } from "./proof-state.tsx";
import { When } from "./when.tsx";

/** What the register says of a work. */
export function AssetFacts({ asset, proof }: { asset: AssetJson; proof: ProofState }) {
  const { width, height } = asset;
  return (
    <Facts>
      <Fact label={asset.hash_algorithm === "cid" ? "IPFS CID" : "SHA3-256"}>
        <code class="hash" data-copy="hash">
          {asset.content_hash}
        </code>
      </Fact>
      <Fact label="Registered">
        <span class="index">#{asset.index}</span>, <When at={asset.created_at} time />
      </Fact>
      <Fact label="Proof">
        <ProofStateText state={proof} signer={asset.owner} />
      </Fact>
      <Fact label="Records">
        <Records asset={asset} />
      </Fact>
      <Fact label="Type">
        {capitalize(asset.asset_type)}
        {asset.media_type != null && <span class="muted"> ({asset.media_type})</span>}
      </Fact>
      <Fact label="Dimensions">
        {width != null && height != null && `${formatNumber(width)} × ${formatNumber(height)} px`}
      </Fact>
      <Fact label="Duration">{asset.duration != null && formatDuration(asset.duration)}</Fact>
      <Fact label="Licence">{asset.license != null && <UrlOrText value={asset.license} />}</Fact>
      <Fact label="Language">{asset.language}</Fact>
      <Fact label="Content warning">{asset.content_warning}</Fact>
      <Fact label="File">{asset.url != null && <UrlOrText value={asset.url} />}</Fact>
    </Facts>
  );
}

function Records({ asset }: { asset: AssetJson }) {
  const post = httpUrl(asset.post);
  const object = httpUrl(asset.object);
  return (
    <ul class="inline">
      <li>
        <a href={local.activity(asset.index)}>Signed claim</a>
      </li>
      {object != null && (
        <li>
          <a href={object}>Object</a>
        </li>
      )}
      {post != null && (
        <li>
          <a href={post}>Post</a>
        </li>
      )}
    </ul>
  );
}

function UrlOrText({ value }: { value: string }) {
  const href = httpUrl(value);
  if (href == null) return <bdi>{value}</bdi>;
  return (
    <a href={href} rel="nofollow noreferrer ugc">
      {value}
    </a>
  );
}
