import type { Json, JsonObject } from "../claims/json.ts";
import { isStorableText } from "../core/text.ts";

const maxBytes = 16 * 1024;
const maxDepth = 16;
/** Objects, arrays and plain values together. Other servers take documents with at most 5,000. */
const maxValues = 4000;

/** Keys that could make a piece of metadata pass for a document or a key of somebody (FEP-fe34). */
const refused = new Set(
  "@context @id @graph proof publicKey publicKeyPem publicKeyMultibase inbox __proto__".split(" "),
);

/** What is wrong with an asset's metadata, as a sentence for the user; `undefined` when nothing is. */
export function findMetadataProblem(metadata: JsonObject): string | undefined {
  return findProblem(metadata, 1) ?? findSizeProblem(metadata);
}

function countValues(value: Json): number {
  if (typeof value !== "object" || value == null) return 1;
  return Object.values<Json>(value as JsonObject).reduce((sum: number, item) => sum + countValues(item), 1);
}

function findSizeProblem(metadata: JsonObject): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  if (bytes > maxBytes) return `must have at most 16 KiB, but has ${bytes} bytes`;
  return countValues(metadata) > maxValues ? "must have at most 4,000 values" : undefined;
}

function findProblem(value: Json, depth: number): string | undefined {
  if (typeof value === "string")
    return isStorableText(value) ? undefined : "must be well-formed text without NUL";
  if (typeof value === "number")
    return Number.isFinite(value) ? undefined : "must not contain numbers too large";
  if (typeof value !== "object" || value == null) return undefined;
  if (depth > maxDepth) return `must not be nested deeper than ${maxDepth} levels`;
  for (const [key, item] of Object.entries<Json>(value as JsonObject)) {
    if (refused.has(key)) return `must not contain the key ${JSON.stringify(key)}`;
    const problem = findProblem(key, depth) ?? findProblem(item, depth + 1);
    if (problem != null) return problem;
  }
  return undefined;
}
