import type { InboxContext } from "@fedify/fedify";
import type { Accept, Reject } from "@fedify/vocab";
import { parseActorUrl } from "../../core/paths.ts";
import { settleFollow } from "../../registry/follow.ts";
import type { FederationContext } from "../context.ts";
import { readInlineObject, readReceived } from "./activity.ts";

/** A remote actor lets a user follow it. */
export async function onAccepted({ data }: InboxContext<FederationContext>, accept: Accept): Promise<void> {
  await settle(data, accept, true);
}

/** A remote actor does not let a user follow it, or no longer. */
export async function onRejected({ data }: InboxContext<FederationContext>, reject: Reject): Promise<void> {
  await settle(data, reject, false);
}

async function settle(data: FederationContext, answer: Accept | Reject, accepted: boolean): Promise<void> {
  const received = readReceived(answer);
  if (received == null) return;
  const ours = answer.objectId?.origin === data.paths.origin;
  const follow = ours ? answer.objectId?.href : undefined;
  const username = ours ? undefined : await findFollower(data, answer, received.actor);
  if (follow == null && username == null) return;
  await settleFollow(data.registry, { ...received, follow, username, accepted });
}

/** The user who follows the sender, as a Follow says that stands in the answer under no id of ours. */
async function findFollower(
  { paths }: FederationContext,
  answer: Accept | Reject,
  sender: string,
): Promise<string | undefined> {
  const { type, actor, object } = (await readInlineObject(answer)) ?? {};
  return type === "Follow" && object === sender && actor != null ? parseActorUrl(paths, actor) : undefined;
}
