import { createHash } from "node:crypto";
import { renderer } from "../core/paths.ts";
import type { Door, DoorResponse } from "../net/door.ts";
import { essence } from "../net/media-type.ts";
import { toUnavailable, type Unavailable } from "./answer.ts";
import { parseRun, type Run } from "./run.ts";

export type FetchedRun =
  | {
      readonly type: "fetched";
      readonly run: Run;
      /** Exactly what was answered. */
      readonly document: string;
      /** Its SHA-256 in lower-case hex. */
      readonly digest: string;
    }
  | Unavailable
  /** The renderer has no run of that id. */
  | { readonly type: "unknown_run" }
  /** The renderer wants to know who asks, or does not show the run to him. */
  | { readonly type: "not_shown"; readonly status: number }
  /** What came is not to be used; says why as the rest of a sentence that begins with the renderer. */
  | { readonly type: "unusable"; readonly reason: string };

/** What a renderer may take to answer for a run, in milliseconds. */
const runTime = 10_000;
const maxRunBytes = 1024 * 1024;

/** What a renderer says of a run; `token` tells it who asks. */
export async function fetchRun(
  door: Door,
  { l1Server, runId, token }: { l1Server: string; runId: string; token: string | undefined },
): Promise<FetchedRun> {
  const headers = {
    accept: "application/json",
    ...(token == null ? {} : { authorization: `Bearer ${token}` }),
  };
  const init = { headers, redirect: "error", totalTimeout: runTime, maxBytes: maxRunBytes } as const;
  let answer: DoorResponse;
  try {
    answer = await door.fetch(renderer.run(l1Server, runId), init);
  } catch (error) {
    return toUnavailable(error);
  }
  const { status, body } = answer;
  if (status === 404 || status === 410) return { type: "unknown_run" };
  if (status === 401 || status === 403) return { type: "not_shown", status };
  if (status !== 200) return { type: "unusable", reason: `answered with HTTP status ${status}` };
  const type = essence(answer.headers.get("content-type"));
  if (!/^application\/(?:[\w.-]+\+)?json$/.test(type)) {
    return {
      type: "unusable",
      reason: `answered with ${type === "" ? "no content type" : type}, not with JSON`,
    };
  }
  const document = decode(body);
  if (document == null) return { type: "unusable", reason: "answered with something that is not UTF-8" };
  const parsed = parseRun(document, runId);
  if (parsed.type === "unusable") return parsed;
  return {
    type: "fetched",
    run: parsed.run,
    document,
    digest: createHash("sha256").update(body).digest("hex"),
  };
}

/** Keeps a byte order mark, so that the text is what was sent. */
function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
