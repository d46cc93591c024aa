import type { Activity } from "@fedify/vocab";
import type { Received } from "../../registry/follow.ts";

/** Who sent an activity, and its id; `undefined` where it lacks one of them. */
export function readReceived(activity: Activity): Received | undefined {
  if (activity.id == null || activity.actorId == null) return undefined;
  return { id: activity.id.href, actor: activity.actorId.href };
}
