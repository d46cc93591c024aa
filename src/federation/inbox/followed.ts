import type { InboxContext } from "@fedify/fedify";
import type { Follow } from "@fedify/vocab";
import { parseActorUrl } from "../../core/paths.ts";
import { acceptFollower } from "../../registry/follow.ts";
import type { FederationContext } from "../context.ts";
import { fetchActor } from "../remote-actor.ts";
import { readReceived } from "./activity.ts";

/** A remote actor follows a user. The actor is described by its own document, never by what was sent with it. */
export async function onFollowed({ data }: InboxContext<FederationContext>, follow: Follow): Promise<void> {
  const received = readReceived(follow);
  const username = follow.objectId == null ? undefined : parseActorUrl(data.paths, follow.objectId.href);
  if (received == null || username == null) return;
  const actor = await fetchActor(data, received.actor);
  await acceptFollower(data.registry, { ...received, username }, actor);
}
