import { DocumentError } from "./document-error.ts";
import type { DoorResponse } from "./door-response.ts";
import { isActivityType } from "./media-type.ts";
import { findShapeProblem, type ShapeLimits } from "./shape.ts";

/** A remote ActivityPub document. */
export interface FetchedDocument {
  /** Where it came from, after redirects, without fragment. */
  url: string;
  /** Exactly as it was sent, after decompression. */
  text: string;
  json: Record<string, unknown>;
}

/**
 * Takes an HTTP answer for an ActivityPub document; its id is not looked at.
 *
 * HTML is never parsed, and no `Link` is followed.
 *
 * @throws {DocumentError} `status`, `content_type`, `json` or `shape`
 */
export function parseDocument(answer: DoorResponse, limits: ShapeLimits): FetchedDocument {
  const { url, status } = answer;
  if (status < 200 || status > 299)
    throw new DocumentError("status", url, `HTTP status ${status}`, { status });
  if (!isActivityType(answer.headers.get("content-type"))) {
    throw new DocumentError("content_type", url, "its content type is not ActivityPub's");
  }
  const text = decodeUtf8(url, answer.body);
  const json = parseObject(url, text);
  const problem = findShapeProblem(json, limits);
  if (problem != null) throw new DocumentError("shape", url, problem);
  return { url, text, json };
}

function decodeUtf8(url: string, body: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw new DocumentError("json", url, "it is not UTF-8", { cause });
  }
}

function parseObject(url: string, text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DocumentError("json", url, "it is not JSON", { cause });
  }
  if (typeof json === "object" && json != null && !Array.isArray(json))
    return json as Record<string, unknown>;
  throw new DocumentError("json", url, "it is not a JSON object");
}
