import { FetchError } from "@fedify/vocab-runtime";
import { showUrl, type DoorReason } from "./door-error.ts";

/**
 * Why a remote document was not to be had: what the door says, or
 *
 * - `url`: not an http or https URL
 * - `status`: not a 2xx status; see {@link DocumentError.status}
 * - `content_type`: not ActivityPub's
 * - `json`: not a JSON object in UTF-8
 * - `shape`: too deep, too many values, too many contexts
 * - `id`: the document is, or may be, another one than was asked for
 * - `rate`: its host has been asked too often in the last minute; not remembered as a failure
 * - `aborted`: the caller has lost interest; not remembered as a failure
 */
export type DocumentReason =
  | DoorReason
  | "url"
  | "status"
  | "content_type"
  | "json"
  | "shape"
  | "id"
  | "rate"
  | "aborted";

/**
 * A remote document that could not be fetched or was refused.
 *
 * It is a `FetchError` because Fedify tells by that a key that is gone (404, 410) from a failing network.
 */
export class DocumentError extends FetchError {
  readonly reason: DocumentReason;
  /** The HTTP status that was answered, when the reason is `status`. */
  readonly status?: number;

  constructor(
    reason: DocumentReason,
    url: URL | string,
    message: string,
    options: ErrorOptions & { status?: number } = {},
  ) {
    const { status, cause } = options;
    super(URL.parse(String(url)) ?? new URL("about:invalid"), message, toResponse(status));
    this.name = "DocumentError";
    this.message = `${showUrl(url)}: ${message}`;
    this.reason = reason;
    if (cause !== undefined) this.cause = cause;
    if (status != null) this.status = status;
  }
}

function toResponse(status: number | undefined): Response | undefined {
  // A `Response` can have no other status.
  return status == null || status < 200 || status > 599 ? undefined : new Response(null, { status });
}
