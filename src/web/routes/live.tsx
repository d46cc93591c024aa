import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { getLogSize, listActivitiesAfter } from "../../db/log.ts";
import { findAddress } from "../client.ts";
import type { Context, WebEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { toActivityItem } from "../activity-item.ts";
import { ActivityEntry } from "../views/activity-entry.tsx";

/** How many activities are told at once to who comes back after long, and how often a sign of life is given, in ms. */
const limits = { entries: 100, heartbeat: 20_000 };

/**
 * What is appended to the log, as it happens: server-sent events `activity`, each with its index as the id and the list
 * entry as HTML. Begins after the index that the browser has seen last.
 */
export const liveRoutes = new Hono<WebEnv>().get("/activities/live", (c) => {
  const { logWatcher } = c.get("web");
  const asked = readAfter(c);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const changes = createSignal();
  const leave = logWatcher.join(findAddress(c), { grown: changes.give, closed: end });
  if (leave == null) {
    throw new Problem(503, "Too many are watching already.", { headers: { "Retry-After": "60" } });
  }
  return streamSSE(c, async (stream) => {
    stream.onAbort(end);
    const heartbeat = setInterval(() => void stream.write(": nothing new\n\n"), limits.heartbeat);
    await Promise.race([ended, tell(c, stream, asked, changes.next)]).finally(() => {
      clearInterval(heartbeat);
      leave();
    });
  });
});

/**
 * Sends what came after an index, the newest of it where that is much, and then, each time that there may be more, what
 * came since.
 */
async function tell(
  c: Context,
  stream: SSEStreamingApi,
  after: number,
  next: () => Promise<void>,
): Promise<void> {
  const { db } = c.get("web");
  let last = Math.max(after, (await getLogSize(db)) - 1 - limits.entries);
  while (!stream.closed) {
    const entries = await listActivitiesAfter(db, last, limits.entries);
    for (const entry of entries) {
      const data = String(<ActivityEntry item={toActivityItem(entry)} />);
      await stream.writeSSE({ event: "activity", id: String(entry.index), data });
      last = entry.index;
    }
    if (entries.length < limits.entries) await next();
  }
}

/** Wakes one who waits, also when the call came before he waited. */
function createSignal(): { give: () => void; next: () => Promise<void> } {
  let signal = Promise.withResolvers<void>();
  return {
    give: () => signal.resolve(),
    async next() {
      await signal.promise;
      signal = Promise.withResolvers();
    },
  };
}

function readAfter(c: Context): number {
  const text = c.req.header("last-event-id") ?? c.req.query("after") ?? "";
  if (/^(?:-1|\d{1,15})$/.test(text)) return Number(text);
  throw new Problem(400, "Say after which index: /activities/live?after=41.", {
    errors: [{ field: "after", message: "must be an index of the log, or -1" }],
  });
}
