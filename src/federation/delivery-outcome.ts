import { KeyFileError } from "../accounts/key-files.ts";
import { DoorError } from "../net/door-error.ts";
import type { DoorResponse } from "../net/door.ts";

/** What came of one delivery. */
export type Outcome =
  | { readonly type: "delivered" }
  /** The inbox is gone for good. */
  | { readonly type: "gone"; readonly error: string }
  /** This inbox would not take it, or it can't be sent there. */
  | {
      readonly type: "inbox_failed";
      readonly error: string;
      /** Whether somebody answered. */
      readonly answered: boolean;
    }
  | HostFailure;

/** The host may be in trouble, or asks to be left alone for so many seconds. */
export interface HostFailure {
  readonly type: "host_failed";
  readonly error: string;
  /** Whether the host answered at all. */
  readonly answered: boolean;
  readonly retryAfter?: number;
}

/** Reads an answer as the protocol means it. */
export function judgeResponse(response: DoorResponse, now: Date): Outcome {
  const { status } = response;
  const error = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { type: "delivered" };
  if (status === 404 || status === 410) return { type: "gone", error };
  if (status >= 500 || status === 429) {
    const retryAfter = parseRetryAfter(response.headers.get("retry-after"), now);
    return { type: "host_failed", error, answered: true, ...(retryAfter == null ? {} : { retryAfter }) };
  }
  return { type: "inbox_failed", error, answered: true };
}

/**
 * What an exception on the way says. An address that may not be reached is the inbox's fault, the rest the host's. A
 * sender whose key can't be read keeps nobody else waiting.
 */
export function judgeError(error: unknown): Outcome {
  if (error instanceof KeyFileError) return { type: "inbox_failed", error: error.message, answered: false };
  if (!(error instanceof DoorError)) throw error;
  const { reason, message } = error;
  return reason === "network" || reason === "timeout"
    ? { type: "host_failed", error: message, answered: false }
    : { type: "inbox_failed", error: message, answered: false };
}

/** Seconds, from delta-seconds or an HTTP date (RFC 9110 section 10.2.3); a day at most. */
function parseRetryAfter(value: string | null, now: Date): number | undefined {
  if (value == null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) : undefined;
}

/** How often a delivery is tried before it is given up: over about four days. */
export const maxAttempts = 16;

/** Seconds for which a delivery waits at most, however often it was tried: five days. */
export const maxAge = 5 * 86_400;

/** Seconds until the next try after so many failures: a minute, doubling up to 16 hours, a tenth more or less. */
export function retryDelay(failures: number): number {
  const delay = Math.min(60 * 2 ** (failures - 1), 16 * 3600);
  return delay * (0.9 + Math.random() * 0.2);
}
