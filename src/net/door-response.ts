import type { Dispatcher } from "undici";
import { discardBody, passBody } from "./door-body.ts";
import { AddressRefused } from "./door-connect.ts";
import { DoorError, type DoorReason } from "./door-error.ts";
import type { DoorRequestOptions, TakePiece } from "./door-options.ts";
import type { Outgoing } from "./door-request.ts";

/** An answer, completely read, except where the caller wanted it otherwise. */
export interface DoorResponse {
  /** Where the answer came from: the last URL after redirects. */
  url: string;
  status: number;
  headers: Headers;
  /** Decompressed. */
  body: Uint8Array;
  /** The body as UTF-8; bytes that are none become U+FFFD. */
  text(): string;
}

/** Statuses whose answers have no body, whatever their headers say. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

const timeoutCodes: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

/**
 * Reads an answer to its end, or as far as `take` says.
 *
 * @throws {DoorError} `too_large`, or `network` for an unknown content coding.
 */
export async function toResponse(
  request: Outgoing,
  answer: Dispatcher.ResponseData,
  headers: Headers,
  maxBytes: number,
  take: DoorRequestOptions["take"] = "keep",
): Promise<DoorResponse> {
  const status = answer.statusCode;
  const coding = request.method === "HEAD" || bodiless.has(status) ? null : headers.get("content-encoding");
  const pieces: Uint8Array[] = [];
  if (take === "leave" || (take !== "keep" && (status < 200 || status > 299))) discardBody(answer.body);
  else {
    const pass = take === "keep" ? (piece: Uint8Array) => void pieces.push(piece) : toTaker(take, headers);
    await passBody(request.url, answer.body, coding, maxBytes, pass);
  }
  const body = new Uint8Array(Buffer.concat(pieces));
  return { url: request.url.href, status, headers, body, text: () => new TextDecoder().decode(body) };
}

function toTaker(take: TakePiece, headers: Headers): (piece: Uint8Array) => void {
  return (piece) => take(piece, headers);
}

/** undici's headers as standard ones. */
export function toHeaders(record: Dispatcher.ResponseData["headers"]): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(record)) {
    for (const each of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, each);
  }
  return headers;
}

/** Whatever went wrong with a request, as a {@link DoorError}. */
export function toDoorError(error: unknown, url: URL): DoorError {
  if (error instanceof DoorError) return error;
  if (error instanceof AddressRefused) return new DoorError("address", url, error.message);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason: DoorReason = timeoutCodes.has(code) ? "timeout" : "network";
  const message = error instanceof Error && error.message !== "" ? error.message : code;
  return new DoorError(reason, url, message === "" ? "the request failed" : message, { cause: error });
}
