/** Why the outbound door did not bring back a response. */
export type DoorReason = "address" | "timeout" | "too_large" | "redirect" | "scheme" | "network";

/**
 * A request that the outbound door refused or could not finish. HTTP error statuses are no `DoorError`.
 *
 * - `address`: the host is, or resolves to, an address that may not be reached
 * - `timeout`: connecting, the headers, the body or the whole took too long
 * - `too_large`: the body has more bytes than allowed, after or before decompression
 * - `redirect`: too many redirects, to another scheme, to no URL, or a redirect where none is allowed
 * - `scheme`: not a URL that may be requested: not https (or http where allowed), or with a user name
 * - `network`: everything else: no such host, refused, reset, TLS, not HTTP
 */
export class DoorError extends Error {
  override readonly name = "DoorError";
  readonly reason: DoorReason;
  /** The URL that was asked when it failed, without user name and password. */
  readonly url: string;
  /** The message without the URL. */
  readonly detail: string;

  constructor(reason: DoorReason, url: URL | string, message: string, options?: ErrorOptions) {
    super(`${showUrl(url)}: ${message}`, options);
    this.reason = reason;
    this.url = withoutUser(url);
    this.detail = message;
  }
}

/** A URL as logs and messages may show it: without user name, query and fragment, which can hold secrets. */
export function showUrl(url: URL | string): string {
  const parsed = URL.parse(String(url));
  // Text that is no URL may be anything at all; its beginning is enough to recognise it.
  if (parsed == null) return JSON.stringify(String(url).slice(0, 60));
  return parsed.host === "" ? `${parsed.protocol}…` : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

function withoutUser(url: URL | string): string {
  const parsed = URL.parse(String(url));
  if (parsed == null) return String(url);
  parsed.username = "";
  parsed.password = "";
  return parsed.href;
}
