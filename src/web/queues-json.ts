import type { FailingHost } from "../db/failing-hosts.ts";
import type { QueueItem } from "./context.ts";

/** What the server is busy with, as programs and the page see it. */
export function toQueuesJson(queues: readonly QueueItem[], hosts: readonly FailingHost[]) {
  return {
    queues: queues.map(({ letters, ...queue }) => ({
      ...queue,
      letters: letters.map(({ created, ...letter }) => ({ ...letter, created_at: created.toISOString() })),
    })),
    hosts: hosts.map(({ host, failures, heldUntil, lastError, waiting }) => ({
      host,
      failures,
      held_until: heldUntil.toISOString(),
      last_error: lastError,
      waiting,
    })),
  };
}
export type QueuesJson = ReturnType<typeof toQueuesJson>;
