import type { Federatable } from "@fedify/fedify";
import { Accept, Activity, Create, Follow, Reject, Undo } from "@fedify/vocab";
import type { FederationContext } from "../context.ts";
import { onCreated } from "./created.ts";
import { onFollowed } from "./followed.ts";
import { onIgnored } from "./ignored.ts";
import { onAccepted, onRejected } from "./settled.ts";
import { onUndone } from "./undone.ts";

/** What happens when an activity arrives. It was authenticated before; each takes effect once. */
export function registerInbox(federation: Federatable<FederationContext>): void {
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    // Effects are kept apart by (actor, id) in the database, in the transaction of the effect itself.
    .withIdempotency(() => null)
    .on(Follow, onFollowed)
    .on(Undo, onUndone)
    .on(Accept, onAccepted)
    .on(Reject, onRejected)
    .on(Create, onCreated)
    .on(Activity, onIgnored);
}
