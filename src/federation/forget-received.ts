import { forgetDaily } from "../db/forget-daily.ts";
import { forgetReceived } from "../db/received.ts";
import type { Database } from "../db/schema.ts";

/**
 * How long it is remembered which activities were received or undone, in days. Nobody can replay one that long: what
 * carries it must be signed within the hour. Only its own server could send it again.
 */
const memory = 90;

/** Forgets once a day, from now until the signal, which activities were received that long ago. */
export function startForgettingReceived(db: Database, signal: AbortSignal): void {
  forgetDaily("ids of received activities", (limit) => forgetReceived(db, { days: memory, limit }), signal);
}
