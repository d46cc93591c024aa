import type { InboxContext } from "@fedify/fedify";
import type { Delete } from "@fedify/vocab";
import { forgetActor } from "../../registry/forget-actor.ts";
import { receiveDelete } from "../../registry/receive-delete.ts";
import type { FederationContext } from "../context.ts";
import { recheckClaimLater } from "../verify-claim.ts";
import { readReceived } from "./activity.ts";

/** Somebody deleted a post, a reply or a like of his, or is no more himself. */
export async function onDeleted({ data }: InboxContext<FederationContext>, deletion: Delete): Promise<void> {
  const received = readReceived(deletion);
  const object = deletion.objectId?.href;
  if (received == null || object == null) return;
  if (object === received.actor) await forgetActor(data.db, received);
  else await receiveDelete({ db: data.db, recheckClaim: recheckClaimLater(data) }, received, object);
}
