import type { Paths } from "../core/paths.ts";
import type { AssetJson } from "./asset-json.ts";
import { httpUrl } from "./views/http-url.ts";
import type { PageCard } from "./views/props.ts";

/** What is said of a page in any case. */
type Described = Pick<PageCard, "url" | "description" | "image">;

/** A user, as far as a card says something of him. */
export interface DescribedUser {
  readonly username: string;
  readonly name: string | null;
  readonly summary: string | null;
  readonly icon_url: string | null;
  readonly also_known_as: readonly string[];
}

const context = "https://schema.org";
const types = { image: "ImageObject", video: "VideoObject", audio: "AudioObject" } as const;

/** The server in the words of schema.org, and how it is searched. */
export function describeSite(
  paths: Paths,
  site: { readonly name: string; readonly url: string; readonly description: string },
) {
  return {
    "@context": context,
    "@type": "WebSite",
    ...site,
    potentialAction: {
      "@type": "SearchAction",
      target: `${paths.origin}/assets?q={words}`,
      "query-input": "required name=words",
    },
  };
}

/** A work in the words of schema.org, with its content hash as its identifier. */
export function describeAsset(paths: Paths, asset: AssetJson, page: Described) {
  const type = Object.entries(types).find(([name]) => name === asset.asset_type)?.[1] ?? "CreativeWork";
  return {
    "@context": context,
    "@type": type,
    "@id": asset.object,
    name: asset.name,
    description: page.description,
    url: page.url,
    creator: { "@type": "Person", name: asset.owner, url: paths.actor(asset.owner) },
    datePublished: asset.created_at,
    dateModified: asset.updated_at ?? undefined,
    contentUrl: page.image == null ? undefined : httpUrl(asset.url),
    thumbnailUrl: page.image?.url,
    encodingFormat: asset.media_type ?? undefined,
    inLanguage: asset.language ?? undefined,
    keywords: asset.tags.length === 0 ? undefined : asset.tags,
    license: asset.license ?? undefined,
    isFamilyFriendly: asset.sensitive ? false : undefined,
    identifier: { "@type": "PropertyValue", propertyID: asset.hash_algorithm, value: asset.content_hash },
  };
}

/** A user in the words of schema.org. */
export function describePerson(user: DescribedUser, page: Described & { readonly handle: string }) {
  return {
    "@context": context,
    "@type": "ProfilePage",
    url: page.url,
    mainEntity: {
      "@type": "Person",
      "@id": page.url,
      name: user.name ?? user.username,
      alternateName: page.handle,
      description: user.summary == null ? undefined : page.description,
      image: page.image?.url,
      sameAs: user.also_known_as.length === 0 ? undefined : user.also_known_as,
    },
  };
}
