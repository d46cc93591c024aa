import type { InboxContext } from "@fedify/fedify";
import type { Announce } from "@fedify/vocab";
import type { FederationContext } from "../context.ts";
import { interact } from "./interact.ts";

/** Somebody shares a post of ours. What else people share means nothing here. */
export async function onAnnounced(
  context: InboxContext<FederationContext>,
  announce: Announce,
): Promise<void> {
  await interact(context.data, announce, "share");
}
