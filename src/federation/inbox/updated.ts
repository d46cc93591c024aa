import type { InboxContext } from "@fedify/fedify";
import type { Update } from "@fedify/vocab";
import { findRemoteActor } from "../../db/remote-actors.ts";
import { receiveActorUpdate } from "../../registry/receive-actor-update.ts";
import { updatePost } from "../../registry/receive-post.ts";
import type { FederationContext } from "../context.ts";
import { fetchActor } from "../remote-actor.ts";
import { verifyClaimLater } from "../verify-claim.ts";
import { readReceived } from "./activity.ts";
import { readPost } from "./note.ts";

/** Somebody changed a post that is kept here, or describes himself anew: then he is asked, not the activity. */
export async function onUpdated(context: InboxContext<FederationContext>, update: Update): Promise<void> {
  const received = readReceived(update);
  if (received == null) return;
  const { data } = context;
  if (update.objectId?.href === received.actor) {
    if ((await findRemoteActor(data.db, received.actor)) == null) return;
    await receiveActorUpdate(data.db, received, await fetchActor(data, received.actor));
    return;
  }
  const post = await readPost(context, update, received.actor);
  if (post != null) await updatePost({ db: data.db, verifyClaim: verifyClaimLater(data) }, received, post);
}
