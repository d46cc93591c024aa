import { DoorError } from "./door-error.ts";

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer sends its reader, as written; undefined when it is no redirect. */
export function redirectTarget(status: number, headers: Headers): string | undefined {
  return redirectStatuses.has(status) ? (headers.get("location") ?? undefined) : undefined;
}

/**
 * The URL of the next hop. Its address is checked when it is connected to.
 *
 * @param left How many redirects may still be followed, this one included.
 * @throws {DoorError} `redirect`
 */
export function nextUrl(from: URL, target: string, left: number): URL {
  if (left <= 0) throw new DoorError("redirect", from, "it redirects more often than is followed");
  const next = URL.parse(target, from);
  if (next == null) throw new DoorError("redirect", from, "it redirects to something that is no URL");
  if (next.protocol !== from.protocol) {
    throw new DoorError("redirect", from, `it redirects from ${from.protocol} to ${next.protocol}`);
  }
  next.hash = "";
  return next;
}

/**
 * Lets URLs pass that may be requested at all.
 *
 * @param plain Whether http will do, too.
 * @throws {DoorError} `scheme`
 */
export function checkUrl(url: URL, plain: boolean): void {
  if (url.username !== "" || url.password !== "") {
    throw new DoorError("scheme", url, "URLs with a user name or password are not requested");
  }
  if (url.protocol === "https:" || (plain && url.protocol === "http:")) return;
  throw new DoorError("scheme", url, `${url.protocol} URLs are not requested, only https`);
}
