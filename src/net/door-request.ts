import { acceptedEncodings } from "./door-body.ts";
import { DoorError } from "./door-error.ts";

/** A request on its way out. */
export interface Outgoing {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | null;
}

/** What a caller may say about a request besides its URL. */
export interface OutgoingInit {
  method?: string;
  headers?: HeadersInit;
  body?: Uint8Array | string;
}

/** Headers that belong to the connection or follow from URL and body; the client writes them itself. */
const clientHeaders = [
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "te",
];

/** Headers that were meant for the first host only. */
const privateHeaders = ["authorization", "cookie", "signature", "signature-input"];

/**
 * Takes a request apart into what is sent; `init` goes before what a `Request` says.
 *
 * @throws {DoorError} `scheme` when the URL is none.
 */
export async function toOutgoing(
  input: Request | URL | string,
  init: OutgoingInit,
  userAgent: string,
): Promise<Outgoing> {
  const request = input instanceof Request ? input : undefined;
  const href = request == null ? String(input) : request.url;
  const url = URL.parse(href);
  if (url == null) throw new DoorError("scheme", href, "this is not a URL");
  url.hash = "";
  const headers = new Headers(init.headers ?? request?.headers);
  if (!headers.has("user-agent")) headers.set("user-agent", userAgent);
  if (!headers.has("accept")) headers.set("accept", "*/*");
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", acceptedEncodings);
  const method = (init.method ?? request?.method ?? "GET").toUpperCase();
  return { url, method, headers, body: await toBytes(init.body, request) };
}

/**
 * Has a request signed. The URL and method stay what they were; headers and body are the signed ones.
 */
export async function signOutgoing(
  outgoing: Outgoing,
  sign: (request: Request) => Promise<Request>,
): Promise<Outgoing> {
  const { url, method, headers, body } = outgoing;
  const signed = await sign(new Request(url, { method, headers, body }));
  return { url, method, headers: new Headers(signed.headers), body: await toBytes(undefined, signed) };
}

/** The headers of a request as undici takes them. */
export function toHeaderRecord(headers: Headers): Record<string, string> {
  const sent = new Headers(headers);
  for (const name of clientHeaders) sent.delete(name);
  return Object.fromEntries(sent);
}

/** The same request for another URL; another origin does not get to see credentials. */
export function redirected(outgoing: Outgoing, url: URL): Outgoing {
  const headers = new Headers(outgoing.headers);
  if (url.origin !== outgoing.url.origin) for (const name of privateHeaders) headers.delete(name);
  return { ...outgoing, url, headers };
}

async function toBytes(
  body: Uint8Array | string | undefined,
  request: Request | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body != null) return new Uint8Array(body);
  return request?.body == null ? null : new Uint8Array(await request.arrayBuffer());
}
