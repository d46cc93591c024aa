import type { BuildConnector, Lookup } from "./door-connect.ts";
import type { OutgoingInit } from "./door-request.ts";

/** Times are in milliseconds, sizes in bytes. */
export interface DoorLimits {
  /** For the name lookup and the connection; default 5,000. */
  connect: number;
  /** From the request's end to the answer's headers; default 10,000. */
  headers: number;
  /** Between two pieces of the body; default 10,000. */
  idle: number;
  /** From the call to the last byte, redirects included; default 20,000. */
  total: number;
  /** Of an answer's body after decompression; default 1 MiB. */
  maxBytes: number;
  /** Default 3. */
  maxRedirects: number;
}

export interface DoorOptions {
  /** The `User-Agent` of requests that name none. */
  userAgent: string;
  /** Whether private addresses and plain http may be used: true when our own origin is loopback. */
  allowPrivate: boolean;
  /** Origins that may be reached even by http and at a private address. */
  trustedOrigins?: readonly string[];
  /** The DNS lookup; the operating system's by default. */
  lookup?: Lookup;
  /** What makes connections, once their addresses are permitted; undici's own by default. */
  connector?: BuildConnector;
  limits?: Partial<DoorLimits>;
}

/** Takes a piece of a body; `headers` are those of its answer. */
export type TakePiece = (piece: Uint8Array, headers: Headers) => void;

export interface DoorRequestOptions extends OutgoingInit {
  /**
   * - `follow` (default): GET and HEAD go on to a redirect's target; for other methods the redirect is the answer
   * - `error`: a redirect is a {@link DoorError}
   * - `manual`: a redirect is the answer
   */
  redirect?: "follow" | "error" | "manual";
  /** Instead of the door's own limit. */
  maxBytes?: number;
  /** In milliseconds, instead of the door's own limit; `Infinity` for none. */
  totalTimeout?: number;
  /**
   * - `keep` (default): the body is in the answer
   * - `leave`: the body is not read, and the answer has an empty one
   * - a function gets the body of a 2xx answer piece by piece, decompressed, and the answer has an empty one; that of
   *   another answer is not read. What it throws ends the call as the cause of a {@link DoorError}.
   */
  take?: "keep" | "leave" | TakePiece;
  /** Called for every request that leaves, redirects too; what it returns is sent (its headers and its body). */
  sign?: (request: Request) => Promise<Request>;
  /** Called with every URL before it is requested, redirects too; what it throws ends the call. */
  onHop?: (url: URL) => void;
}

export const defaultLimits: DoorLimits = {
  connect: 5_000,
  headers: 10_000,
  idle: 10_000,
  total: 20_000,
  maxBytes: 1024 * 1024,
  maxRedirects: 3,
};
