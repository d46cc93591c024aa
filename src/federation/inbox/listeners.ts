import type { Federatable, InboxListener } from "@fedify/fedify";
import {
  Accept,
  Activity,
  Announce,
  Block,
  Create,
  Delete,
  EmojiReact,
  Flag,
  Follow,
  Like,
  Move,
  Reject,
  Undo,
  Update,
} from "@fedify/vocab";
import { unlessBlocked } from "../blocked.ts";
import type { FederationContext } from "../context.ts";
import { onAnnounced } from "./announced.ts";
import { onBlocked } from "./blocked.ts";
import { onCreated } from "./created.ts";
import { onDeleted } from "./deleted.ts";
import { dropUnreadable } from "./drop-unreadable.ts";
import { onFlagged } from "./flagged.ts";
import { onFollowed } from "./followed.ts";
import { onIgnored } from "./ignored.ts";
import { onLiked } from "./liked.ts";
import { onMoved } from "./moved.ts";
import { onAccepted, onRejected } from "./settled.ts";
import { onUndone } from "./undone.ts";
import { onUpdated } from "./updated.ts";

/** What happens when an activity arrives. It was authenticated before; each takes effect once. */
export function registerInbox(federation: Federatable<FederationContext>): void {
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    // Effects are kept apart by (actor, id) in the database, in the transaction of the effect itself.
    .withIdempotency(() => null)
    .on(Follow, guard(onFollowed))
    .on(Undo, guard(onUndone))
    .on(Accept, guard(onAccepted))
    .on(Reject, guard(onRejected))
    .on(Create, guard(onCreated))
    .on(Update, guard(onUpdated))
    .on(Delete, guard(onDeleted))
    .on(Like, guard(onLiked))
    .on(EmojiReact, guard(onLiked))
    .on(Announce, guard(onAnnounced))
    .on(Block, guard(onBlocked))
    .on(Move, guard(onMoved))
    .on(Flag, guard(onFlagged))
    .on(Activity, guard(onIgnored));
}

function guard<T extends Activity>(
  listener: InboxListener<FederationContext, T>,
): InboxListener<FederationContext, T> {
  return unlessBlocked(dropUnreadable(listener));
}
