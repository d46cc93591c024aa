import type { InboxContext } from "@fedify/fedify";
import type { Activity } from "@fedify/vocab";
import { getLogger } from "@logtape/logtape";
import type { FederationContext } from "../context.ts";

const logger = getLogger(["artdag", "federation", "inbox"]);

/** Activities that mean nothing here. */
export function onIgnored(_context: InboxContext<FederationContext>, activity: Activity): void {
  logger.debug("{type} {id} of {actor} is ignored.", {
    type: activity.constructor.name,
    id: activity.id?.href,
    actor: activity.actorId?.href,
  });
}
