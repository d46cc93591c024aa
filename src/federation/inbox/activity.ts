import type { Activity } from "@fedify/vocab";
import { asObject } from "../../claims/json.ts";
import type { Received } from "../../registry/follow.ts";

/** Who sent an activity, and its id; `undefined` where it lacks one of them. */
export function readReceived(activity: Activity): Received | undefined {
  if (activity.id == null || activity.actorId == null) return undefined;
  return { id: activity.id.href, actor: activity.actorId.href };
}

/** When an activity says that it happened, or else now. */
export function readPublished(activity: Activity): Date {
  return activity.published == null ? new Date() : new Date(activity.published.epochMilliseconds);
}

/** What stands inline as the object of an activity. Everything in it is the sender's word. */
export interface InlineObject {
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly actor: string | undefined;
  readonly object: string | undefined;
}

/** The object of an activity as it was sent, without asking anybody; `undefined` where only its id was sent. */
export async function readInlineObject(activity: Activity): Promise<InlineObject | undefined> {
  const document = asObject(await activity.toJsonLd());
  const inline = asObject(onlyItem(document?.["object"]));
  if (inline == null) return undefined;
  const { type, id, actor, object } = inline;
  return { type: readId(type), id: readId(id), actor: readId(actor), object: readId(object) };
}

/** The text of an id, or the id of an object. */
function readId(value: unknown): string | undefined {
  const item = onlyItem(value);
  const id = asObject(item)?.["id"] ?? item;
  return typeof id === "string" ? id : undefined;
}

function onlyItem(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
