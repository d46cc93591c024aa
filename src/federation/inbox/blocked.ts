import type { InboxContext } from "@fedify/fedify";
import type { Block } from "@fedify/vocab";
import { parseActorUrl } from "../../core/paths.ts";
import { receiveBlock } from "../../registry/receive-block.ts";
import type { FederationContext } from "../context.ts";
import { readReceived } from "./activity.ts";

/** A remote actor wants nothing to do with a user. */
export async function onBlocked({ data }: InboxContext<FederationContext>, block: Block): Promise<void> {
  const received = readReceived(block);
  const username = block.objectId == null ? undefined : parseActorUrl(data.paths, block.objectId.href);
  if (received == null || username == null) return;
  await receiveBlock(data.db, received, username);
}
