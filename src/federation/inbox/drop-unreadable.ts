import type { InboxListener } from "@fedify/fedify";
import type { Activity } from "@fedify/vocab";
import { getLogger } from "@logtape/logtape";
import { DocumentError, type DocumentReason } from "../../net/documents.ts";
import type { FederationContext } from "../context.ts";
import { NoActorError } from "../remote-actor.ts";

const logger = getLogger(["artdag", "federation", "inbox"]);

/** What another try would find again. */
const lasting: ReadonlySet<DocumentReason> = new Set(["url", "content_type", "json", "shape", "id"]);

/**
 * A listener that lets an activity go for good where what it depends on can never be read: an actor that is none, or
 * that is gone. Whatever may be had later still throws, so that the activity is handled again.
 */
export function dropUnreadable<T extends Activity>(
  listener: InboxListener<FederationContext, T>,
): InboxListener<FederationContext, T> {
  return async (context, activity) => {
    try {
      await listener(context, activity);
    } catch (error) {
      if (!isLasting(error)) throw error;
      logger.info("{id} of {actor} is let go: {error}", {
        id: activity.id?.href,
        actor: activity.actorId?.href,
        error,
      });
    }
  };
}

function isLasting(error: unknown): boolean {
  if (error instanceof NoActorError) return true;
  if (!(error instanceof DocumentError)) return false;
  return lasting.has(error.reason) || error.status === 404 || error.status === 410;
}
