import { DoorError } from "../net/door.ts";
import { essence } from "../net/media-type.ts";

/** Why a renderer could not be asked; says it as the rest of a sentence that begins with the renderer. */
export interface Unavailable {
  readonly type: "unavailable";
  readonly timeout: boolean;
  readonly reason: string;
}

/** What a door could not do, as what is said of the renderer. */
export function toUnavailable(error: unknown): Unavailable {
  if (!(error instanceof DoorError)) throw error;
  const { reason, detail } = error;
  return { type: "unavailable", timeout: reason === "timeout", reason: `can't be used: ${detail}` };
}

/** The media type of an answer, where it says more than that there are bytes. */
export function readMediaType(headers: Headers): string | undefined {
  const type = essence(headers.get("content-type"));
  const usable = type.length <= 127 && /^[a-z0-9][\w.+-]*\/[\w.+-]+$/.test(type);
  return usable && type !== "application/octet-stream" ? type : undefined;
}
