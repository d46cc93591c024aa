import type { JsonObject } from "../claims/json.ts";
import { readSources } from "../claims/provenance.ts";
import { isStorableText } from "../core/text.ts";
import type { NewEdge } from "../db/lineage-edges.ts";

/** What the object of a claim states of how it was made, as edges of the lineage. */
export function toEdges(object: JsonObject): NewEdge[] {
  const { recipe, inputs } = readSources(object);
  return [recipe, ...inputs].flatMap((source, position) => {
    if (source?.contentHash == null) return [];
    const { name = "", contentHash } = source;
    return [
      {
        input: contentHash.value,
        role: position === 0 ? "recipe" : "input",
        position,
        name: name !== "" && isStorableText(name) ? name : null,
      } as const,
    ];
  });
}
