/** What an asset is. */
export const assetTypes = ["image", "video", "audio", "recipe", "effect", "infrastructure", "other"] as const;
export type AssetType = (typeof assetTypes)[number];

/** Who is shown a claim: followers and the public lists, followers alone, or nobody. */
export const postVisibilities = ["public", "unlisted", "none"] as const;
export type PostVisibility = (typeof postVisibilities)[number];

/** Media are shown to followers unless the artist says otherwise; code and the rest are not. */
export function defaultPost(type: AssetType): PostVisibility {
  return type === "image" || type === "video" || type === "audio" ? "public" : "none";
}
