import type { InboxContext } from "@fedify/fedify";
import type { Move } from "@fedify/vocab";
import { getLogger } from "@logtape/logtape";
import { isFollowed } from "../../db/following.ts";
import { receiveMove } from "../../registry/move.ts";
import type { FederationContext } from "../context.ts";
import { fetchProfile } from "../remote-actor.ts";
import { readReceived } from "./activity.ts";

const logger = getLogger(["artdag", "federation", "inbox"]);

/**
 * A remote actor has moved. It takes effect where both actors say so in their own documents, fetched now: the old one
 * names the new one as `movedTo`, the new one lists the old one in `alsoKnownAs`.
 */
export async function onMoved({ data }: InboxContext<FederationContext>, move: Move): Promise<void> {
  const received = readReceived(move);
  const target = move.targetId?.href;
  if (received == null || target == null || move.objectId?.href !== received.actor) return;
  if (target === received.actor || !(await isFollowed(data.db, received.actor))) return;
  const [from, to] = [await fetchProfile(data, received.actor), await fetchProfile(data, target)];
  if (from.movedTo !== to.actor.iri || !to.aliases.includes(received.actor)) {
    logger.info("The move of {actor} to {target} is not confirmed by both.", {
      actor: received.actor,
      target,
    });
    return;
  }
  await receiveMove(data.registry, received, to.actor);
}
