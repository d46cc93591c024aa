import { formatHandle } from "../core/handle.ts";
import { parseNoteUrl } from "../core/paths.ts";
import { findAssetByIndex } from "../db/assets.ts";
import { findHomePost } from "../db/remote-posts.ts";
import type { Transaction } from "../db/schema.ts";
import type { RegistryContext } from "./context.ts";

/** A Note that a user can like and answer: of a work registered here, or one in his home feed. */
export interface ReactionTarget {
  readonly iri: string;
  readonly assetId: number | null;
  /** Who is told by a delivery; absent for authors of this server. */
  readonly recipientId?: number;
  readonly author: { readonly iri: string; readonly handle: string };
  readonly public: boolean;
}

/** Gives `undefined` where the user can see no such Note. */
export async function findReactionTarget(
  { paths }: RegistryContext,
  trx: Transaction,
  userId: number,
  iri: string,
): Promise<ReactionTarget | undefined> {
  const index = parseNoteUrl(paths, iri);
  if (index != null) {
    const asset = await findAssetByIndex(trx, index);
    if (asset == null || asset.post === "none") return undefined;
    const author = {
      iri: paths.actor(asset.owner),
      handle: formatHandle({ username: asset.owner, host: paths.host }),
    };
    return { iri, assetId: asset.id, author, public: true };
  }
  const post = await findHomePost(trx, userId, iri);
  if (post == null) return undefined;
  const { actorId, actorIri, actorUsername, actorHost } = post;
  const handle =
    actorUsername == null ? actorIri : formatHandle({ username: actorUsername, host: actorHost });
  return {
    iri: post.iri,
    assetId: null,
    recipientId: actorId,
    author: { iri: actorIri, handle },
    public: post.public,
  };
}
