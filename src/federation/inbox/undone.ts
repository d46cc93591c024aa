import type { InboxContext } from "@fedify/fedify";
import type { Undo } from "@fedify/vocab";
import { removeFollower } from "../../registry/follow.ts";
import type { FederationContext } from "../context.ts";
import { readReceived } from "./activity.ts";

/** A remote actor takes back what it did. Only its own Follow can be meant, whatever the Undo says of it. */
export async function onUndone({ data }: InboxContext<FederationContext>, undo: Undo): Promise<void> {
  const received = readReceived(undo);
  if (received == null || undo.objectId == null) return;
  await removeFollower(data.registry, { ...received, follow: undo.objectId.href });
}
