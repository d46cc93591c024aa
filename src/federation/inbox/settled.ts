import type { InboxContext } from "@fedify/fedify";
import type { Accept, Reject } from "@fedify/vocab";
import { settleFollow } from "../../registry/follow.ts";
import type { FederationContext } from "../context.ts";
import { readReceived } from "./activity.ts";

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
  if (received == null || answer.objectId == null) return;
  await settleFollow(data.registry, { ...received, follow: answer.objectId.href, accepted });
}
