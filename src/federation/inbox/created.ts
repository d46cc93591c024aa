import type { InboxContext } from "@fedify/fedify";
import type { Create } from "@fedify/vocab";
import { findAssetByIndex } from "../../db/assets.ts";
import { receivePost } from "../../registry/receive-post.ts";
import type { FederationContext } from "../context.ts";
import { learnActor } from "../remote-actor.ts";
import { verifyClaimLater } from "../verify-claim.ts";
import { readReceived } from "./activity.ts";
import { readPost } from "./note.ts";

/** Somebody published a post. It is kept where a user here follows its author, and where it answers a post of ours. */
export async function onCreated(context: InboxContext<FederationContext>, create: Create): Promise<void> {
  const received = readReceived(create);
  const post = received == null ? undefined : await readPost(context, create, received.actor);
  if (received == null || post == null) return;
  const { data } = context;
  const answered = post.answers == null ? undefined : await findAssetByIndex(data.db, post.answers);
  const author = answered == null ? undefined : await learnActor(data, received.actor);
  await receivePost({ db: data.db, verifyClaim: verifyClaimLater(data) }, received, post, author);
}
