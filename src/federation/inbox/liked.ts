import type { InboxContext } from "@fedify/fedify";
import type { EmojiReact, Like } from "@fedify/vocab";
import type { FederationContext } from "../context.ts";
import { interact } from "./interact.ts";

/** Somebody likes a post of ours. A reaction with an emoji, as Misskey and Pleroma send it, is a like. */
export async function onLiked(
  context: InboxContext<FederationContext>,
  like: Like | EmojiReact,
): Promise<void> {
  await interact(context.data, like, "like");
}
