import { type ContentHash, parseContentHash } from "../core/content-hash.ts";
import { formatInstant } from "../core/time.ts";
import { asObject, compact, type Json, type JsonObject } from "./json.ts";

/** Something of which a work was made. */
export interface Source {
  /** What the run calls it. */
  readonly name?: string;
  readonly contentHash?: ContentHash;
}

/** How a work came to be: the run of a renderer that made it. */
export interface Provenance {
  /** The address of the run. */
  readonly run: string;
  /** The origin of the renderer. */
  readonly renderer: string;
  /** Named by its hash, or by a name alone. */
  readonly recipe?: Source;
  readonly inputs: readonly Input[];
  readonly started?: Date;
  readonly completed?: Date;
  /** SHA-256 of the exact bytes of what the renderer said of the run, in lower-case hex. */
  readonly runDigest: string;
  readonly evidence: Evidence;
}

export interface Input extends Source {
  readonly contentHash: ContentHash;
}

/**
 * What stands behind the hash of the output: this server has hashed the bytes that the renderer serves, or the renderer
 * has said so.
 */
export type Evidence = "bytes-checked" | "stated-by-renderer";

/** The provenance as an object states it. */
export function toProvenanceJson(provenance: Provenance): JsonObject {
  const { run, renderer, recipe, inputs, started, completed, runDigest, evidence } = provenance;
  return compact({
    run,
    renderer,
    recipe: recipe == null ? undefined : toSourceJson(recipe),
    inputs: inputs.map(toSourceJson),
    startTime: started == null ? undefined : formatInstant(started),
    endTime: completed == null ? undefined : formatInstant(completed),
    runDigest: { algorithm: "sha-256", value: runDigest },
    evidence,
  });
}

/** How many inputs are read of what an object states; what is beyond is left out. */
export const maxInputs = 1000;

/**
 * Of what the object of a claim, local or not, states that it was made: hashes only, since nothing else makes a lineage.
 * What is malformed is left out.
 */
export function readSources(object: JsonObject): { recipe: Source | undefined; inputs: readonly Input[] } {
  const provenance = asObject(object["provenance"]);
  const recipe = provenance == null ? undefined : readSource(provenance["recipe"]);
  const listed: Json | undefined = provenance?.["inputs"];
  const inputs = (Array.isArray(listed) ? (listed as readonly Json[]) : [])
    .slice(0, maxInputs)
    .map(readSource)
    .filter((source): source is Input => source?.contentHash != null);
  return { recipe: recipe?.contentHash == null ? undefined : recipe, inputs };
}

function toSourceJson({ name, contentHash }: Source): JsonObject {
  return compact({ name, contentHash: contentHash == null ? undefined : { ...contentHash } });
}

function readSource(value: Json | undefined): Source | undefined {
  const object = asObject(value);
  const text = asObject(object?.["contentHash"])?.["value"];
  const contentHash = typeof text === "string" ? parseContentHash(text) : undefined;
  const name = object?.["name"];
  if (object == null) return undefined;
  return {
    ...(typeof name === "string" ? { name: name.slice(0, 255) } : {}),
    ...(contentHash == null ? {} : { contentHash }),
  };
}
