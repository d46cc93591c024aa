import { renderer } from "../core/paths.ts";
import type { Door } from "../net/door.ts";
import { readMediaType, toUnavailable, type Unavailable } from "./answer.ts";

export type FoundMediaType =
  /** Absent where the renderer says nothing usable. */
  { readonly type: "answered"; readonly mediaType: string | undefined } | Unavailable;

/** The media type under which a renderer serves a file, lower-case; `time` is in milliseconds. */
export async function findMediaType(
  door: Door,
  { l1Server, hash }: { l1Server: string; hash: string },
  time: number,
): Promise<FoundMediaType> {
  const deadline = Date.now() + time;
  try {
    for (const method of ["HEAD", "GET"]) {
      const { status, headers } = await door.fetch(renderer.cache(l1Server, hash), {
        method,
        // Where it leads is not for the renderer to choose.
        redirect: "manual",
        take: "leave",
        totalTimeout: Math.max(1, deadline - Date.now()),
      });
      if (status === 200) return { type: "answered", mediaType: readMediaType(headers) };
    }
  } catch (error) {
    return toUnavailable(error);
  }
  return { type: "answered", mediaType: undefined };
}
