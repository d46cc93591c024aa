import { Hono } from "hono";
import { z } from "zod";
import { type ContentHash, parseContentHash } from "../../core/content-hash.ts";
import { listObjectChanges } from "../../db/object-changes.ts";
import { listObjectStatuses } from "../../db/objects.ts";
import type { Context, WebEnv } from "../context.ts";
import { readInput } from "../input.ts";
import { Problem } from "../problem.ts";

const askedHash = z.string().transform((asked, context): { asked: string; hash: ContentHash } => {
  const hash = parseContentHash(asked);
  if (hash != null) return { asked, hash };
  context.addIssue({ code: "custom", message: "must be a SHA3-256 hash in hex or a CID" });
  return z.NEVER;
});

/** What `POST /objects/status` takes. Too long a list is not looked at. */
const statusInput = z.object({ hashes: z.array(z.unknown()).max(1000).pipe(z.array(askedHash)) });

/** What renderers ask before they throw files away. It says nothing of who claimed what, so it needs no session. */
export const objectRoutes = new Hono<WebEnv>()
  .post("/objects/status", async (c) => {
    const { db, paths, registry } = c.get("web");
    const { hashes } = await readInput(c, statusInput);
    const objects = hashes.map(({ asked, hash }) => ({
      asked,
      contentHash: hash.value,
      address: paths.object(hash),
    }));
    const statuses = await listObjectStatuses(db, registry.burnKey, objects);
    const entries = statuses.map(
      ({ asked, status, firstIndex }) => [asked, { status, first_index: firstIndex }] as const,
    );
    return c.json({ objects: Object.fromEntries(entries) });
  })
  .get("/objects/changes", async (c) => {
    const { since, limit } = readFeedQuery(c);
    // Whoever follows a feed must not be told an old answer.
    c.header("Cache-Control", "no-store");
    const { changes, logSize } = await listObjectChanges(c.get("web").db, { since, limit: limit + 1 });
    if (since > logSize) {
      throw invalidQuery([
        {
          field: "since",
          message: `is beyond this log, which ends at ${logSize}: begin again with since=0`,
        },
      ]);
    }
    const more = changes.length > limit;
    return c.json({
      changes: changes.slice(0, limit).map(({ index, type, claimIndex, contentHash, created }) => ({
        index,
        type,
        claim_index: claimIndex,
        hash: contentHash,
        created_at: created.toISOString(),
      })),
      next: more ? (changes[limit]?.index ?? logSize) : logSize,
      more,
    });
  });

/** Reads `?since=` (0 where it is absent) and `?limit=` (1 to 1,000, 100 where it is absent). */
function readFeedQuery(c: Context): { since: number; limit: number } {
  const since = c.req.query("since") ?? "0";
  const limit = c.req.query("limit") ?? "100";
  const errors = [];
  if (!/^\d{1,15}$/.test(since)) {
    errors.push({ field: "since", message: "must be the next of an answer before, or 0" });
  }
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000) {
    errors.push({ field: "limit", message: "must be a whole number from 1 to 1,000" });
  }
  if (errors.length > 0) throw invalidQuery(errors);
  return { since: Number(since), limit: Number(limit) };
}

function invalidQuery(errors: { field: string; message: string }[]): Problem {
  const faults = errors.map(({ field, message }) => `${field} ${message}`).join("; ");
  return new Problem(400, `These changes can't be given: ${faults}.`, { errors });
}
