import { formatHandle } from "../core/handle.ts";
import { local, type Paths } from "../core/paths.ts";
import { truncate } from "../core/text.ts";
import type { AssetJson } from "./asset-json.ts";
import { type DescribedUser, describeAsset, describePerson, describeSite } from "./structured-data.ts";
import { capitalize, formatDate } from "./views/format.ts";
import { httpUrl } from "./views/http-url.ts";
import { findMediaSource } from "./views/media-source.ts";
import type { PageCard } from "./views/props.ts";
import { siteName } from "./views/site-name.ts";

/** How long a description is at most, in characters. */
const longest = 300;

/** The card of the start page. */
export function homeCard(paths: Paths): PageCard {
  const url = `${paths.origin}/`;
  const description =
    "Artists register their works here: each claim names a work by the hash of its bytes, is signed by its artist, " +
    "and reaches their followers across the fediverse.";
  return {
    type: "website",
    url,
    description,
    image: null,
    creator: null,
    listed: true,
    alternates: [],
    data: describeSite(paths, { name: siteName, url, description }),
  };
}

/**
 * The card of a work; `listed` says whether search engines may show it. What the artist put behind a warning gives neither picture
 * nor description.
 */
export function assetCard(paths: Paths, asset: AssetJson, listed: boolean): PageCard {
  const veiled = asset.sensitive || asset.content_warning != null;
  const handle = formatHandle({ username: asset.owner, host: paths.host });
  const description = veiled
    ? `Sensitive work${asset.content_warning == null ? "" : `: ${asset.content_warning}`}`
    : (asset.description ??
      `${capitalize(asset.asset_type)} by ${handle}, registered ${formatDate(asset.created_at)}`);
  const { page: url, post } = asset;
  const card = {
    type: "article",
    url,
    description: toLine(description),
    image: veiled ? null : findImage(asset),
    creator: handle,
    listed,
    alternates: [
      ...(post == null ? [] : [{ href: post, type: "application/activity+json" }]),
      { href: paths.origin + local.oembed(url), type: "application/json+oembed", title: asset.name },
      userFeed(paths, asset.owner),
    ],
  } as const;
  return { ...card, data: describeAsset(paths, asset, card) };
}

/** The card of a user. */
export function profileCard(paths: Paths, user: DescribedUser): PageCard {
  const handle = formatHandle({ username: user.username, host: paths.host });
  const icon = httpUrl(user.icon_url);
  const card = {
    type: "profile",
    url: paths.actor(user.username),
    description: toLine(user.summary ?? `Works by ${handle}, registered and signed`),
    image: icon == null ? null : { url: icon, alt: null, width: null, height: null, large: false },
    creator: handle,
    listed: true,
    alternates: [userFeed(paths, user.username)],
  } as const;
  return { ...card, data: describePerson(user, { ...card, handle }) };
}

function userFeed(paths: Paths, username: string) {
  const href = paths.origin + local.userFeed(username);
  return { href, type: "application/atom+xml", title: `Works by ${username}` };
}

/** The size is known of the work itself only. */
function findImage(asset: AssetJson): PageCard["image"] {
  const source = findMediaSource(asset, true);
  if (source == null) return null;
  const own = source.src === httpUrl(asset.url);
  const size = { width: own ? asset.width : null, height: own ? asset.height : null };
  return { url: source.src, alt: asset.alt, ...size, large: true };
}

function toLine(text: string): string {
  return truncate(text.replaceAll(/\s+/g, " ").trim(), longest);
}
