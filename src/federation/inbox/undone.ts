import type { InboxContext } from "@fedify/fedify";
import type { Undo } from "@fedify/vocab";
import { parseActorUrl, parseNoteUrl, type Paths } from "../../core/paths.ts";
import { receiveUndo, type Undone } from "../../registry/receive-undo.ts";
import type { FederationContext } from "../context.ts";
import { readInlineObject, readReceived } from "./activity.ts";

/** A remote actor takes back what it did. Only its own doing can be meant, whatever the Undo says of it. */
export async function onUndone({ data }: InboxContext<FederationContext>, undo: Undo): Promise<void> {
  const received = readReceived(undo);
  const undone = await findUndone(data.paths, undo);
  if (received == null || undone == null) return;
  await receiveUndo(data.db, received, undone);
}

async function findUndone(paths: Paths, undo: Undo): Promise<Undone | undefined> {
  if (undo.objectId != null) return { type: "id", id: undo.objectId.href };
  const { type, object } = (await readInlineObject(undo)) ?? {};
  if (object == null) return undefined;
  const username = parseActorUrl(paths, object);
  if (type === "Follow") return username == null ? undefined : { type: "follow", username };
  const index = parseNoteUrl(paths, object);
  if (index == null) return undefined;
  if (type === "Announce") return { type: "share", index };
  return type === "Like" || type === "EmojiReact" ? { type: "like", index } : undefined;
}
