import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

/** Which part of a list is asked for. */
export interface PageQuery {
  readonly limit: number;
  /** The position after which the page begins; `undefined`: at the beginning. */
  readonly cursor: number | undefined;
}

/** Reads `?limit=` (1 to 100, 20 where it is absent) and `?cursor=`. */
export function readPageQuery(c: Context): PageQuery {
  const limit = c.req.query("limit") ?? "20";
  const cursor = c.req.query("cursor");
  const errors = [];
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > 100) {
    errors.push({ field: "limit", message: "must be a whole number from 1 to 100" });
  }
  if (cursor != null && !/^\d{1,15}$/.test(cursor)) {
    errors.push({ field: "cursor", message: "must be the cursor of a page that was answered before" });
  }
  if (errors.length > 0) throw new Problem(400, "The page that was asked for does not exist.", { errors });
  return { limit: Number(limit), cursor: cursor == null ? undefined : Number(cursor) };
}

/** A list of one item more than was asked for, cut to the page, with the cursor of the next one where there is more. */
export function cutPage<T>(
  items: T[],
  limit: number,
  position: (item: T) => number,
): { items: T[]; next: number | null } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last != null ? position(last) : null };
}

/** The address of the same list at another cursor; `null` stays `null`. */
export function nextPath(c: Context, cursor: number | null): string | null {
  if (cursor == null) return null;
  const url = new URL(c.req.url);
  url.searchParams.set("cursor", String(cursor));
  return url.pathname + url.search;
}
