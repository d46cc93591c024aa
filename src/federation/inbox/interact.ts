import type { Activity } from "@fedify/vocab";
import { parseNoteUrl } from "../../core/paths.ts";
import { findAssetByIndex } from "../../db/assets.ts";
import { receiveInteraction } from "../../registry/receive-interaction.ts";
import type { FederationContext } from "../context.ts";
import { learnActor } from "../remote-actor.ts";
import { readPublished, readReceived } from "./activity.ts";

/** Takes a like or a share of a post of ours. Of whoever acts on anything else nothing is fetched. */
export async function interact(
  data: FederationContext,
  activity: Activity,
  kind: "like" | "share",
): Promise<void> {
  const received = readReceived(activity);
  const index = activity.objectId == null ? undefined : parseNoteUrl(data.paths, activity.objectId.href);
  if (received == null || index == null || (await findAssetByIndex(data.db, index)) == null) return;
  const actor = await learnActor(data, received.actor);
  const interaction = { kind, index, published: readPublished(activity) };
  await receiveInteraction(data.db, received, interaction, actor);
}
