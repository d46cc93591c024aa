import { formatHandle } from "../core/handle.ts";
import { local } from "../core/paths.ts";
import type { AssetView } from "../db/assets.ts";
import { listReplies, type ReplyView } from "../db/interactions.ts";
import { findLike } from "../db/reactions.ts";
import { findShare } from "../db/shares.ts";
import type { Context } from "./context.ts";
import { sanitizeRemoteHtml } from "./sanitize.ts";
import type { InteractionsProps, ReplyItem } from "./views/interactions.tsx";

/** How many replies a page shows. */
const shown = 100;

/** What people made of an asset's post, and what the visitor did; `undefined` where it has no post. */
export async function readInteractions(c: Context, asset: AssetView): Promise<InteractionsProps | undefined> {
  if (asset.post === "none") return undefined;
  const { db, paths } = c.get("web");
  const { likes, shares, replies } = asset;
  const object = paths.note(asset.activity_index);
  const userId = c.get("session")?.user.id;
  const own =
    userId == null
      ? undefined
      : {
          liked: (await findLike(db, userId, object)) != null,
          shared: (await findShare(db, userId, object)) != null,
        };
  const items = (await listReplies(db, asset.id, shown)).map((reply) => toItem(paths.host, reply));
  const remote = local.followRemote(asset.owner, asset.name);
  return { object, page: paths.assetPage(asset.name), remote, likes, shares, replies, items, own };
}

function toItem(ownHost: string, reply: ReplyView): ReplyItem {
  const { iri, url, username, host, name, actor } = reply;
  const handle = username == null ? (actor ?? "") : formatHandle({ username, host: host ?? ownHost });
  return {
    url: url ?? iri,
    author: name == null ? handle : `${name} (${handle})`,
    actor,
    html: reply.html == null ? null : sanitizeRemoteHtml(reply.html),
    text: reply.text,
    published: reply.published.toISOString(),
  };
}
