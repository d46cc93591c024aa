import type { FieldError } from "../core/problem.ts";
import type { WalkOptions } from "../db/lineage-walk.ts";
import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

const directions = ["both", "made_from", "used_in"] as const;

/**
 * Reads `?depth=` (0 to 100, 10 where it is absent), `?limit=` (1 to 1,000 nodes, 200) and `?direction=` (`both`,
 * `made_from` or `used_in`).
 */
export function readLineageQuery(c: Context): WalkOptions {
  const errors: FieldError[] = [];
  const whole = (field: string, fallback: number, least: number, most: number) => {
    const text = c.req.query(field) ?? String(fallback);
    const value = /^\d{1,4}$/.test(text) ? Number(text) : -1;
    if (value < least || value > most) {
      errors.push({ field, message: `must be a whole number from ${least} to ${most}` });
    }
    return value;
  };
  const depth = whole("depth", 10, 0, 100);
  const limit = whole("limit", 200, 1, 1000);
  const wanted = c.req.query("direction") ?? "both";
  const direction = directions.find((candidate) => candidate === wanted);
  if (direction == null)
    errors.push({ field: "direction", message: `must be one of ${directions.join(", ")}` });
  if (errors.length > 0) throw new Problem(400, "The lineage can't be had like that.", { errors });
  return { depth, limit, back: direction !== "used_in", forth: direction !== "made_from" };
}
