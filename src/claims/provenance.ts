import { type ContentHash, parseContentHash } from "../core/content-hash.ts";
import { formatInstant } from "../core/time.ts";
import { asObject, compact, type Json, type JsonObject } from "./json.ts";

/** Something of which a work was made. */
export interface Source {
  /** What the run calls it. */
  readonly name?: string;
  readonly contentHash?: ContentHash;
  /** The address of a claim to it, so that who reads of it can learn who made it. */
  readonly claim?: string;
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

/**
 * What an object states of how it was made, with the address of a claim beside each hash that has one in `claims` and
 * names none yet.
 */
export function linkSources(provenance: JsonObject, claims: ReadonlyMap<string, string>): JsonObject {
  const link = (value: Json): Json => {
    const object = asObject(value);
    const hash = readSource(value)?.contentHash;
    const claim = hash == null ? undefined : claims.get(hash.value);
    return object == null || claim == null || object["claim"] != null ? value : { ...object, claim };
  };
  const { recipe, inputs } = provenance;
  return compact({
    ...provenance,
    recipe: recipe == null ? undefined : link(recipe),
    inputs: Array.isArray(inputs) ? (inputs as readonly Json[]).map(link) : inputs,
  });
}

function toSourceJson({ name, contentHash, claim }: Source): JsonObject {
  return compact({ name, contentHash: contentHash == null ? undefined : { ...contentHash }, claim });
}

function readSource(value: Json | undefined): Source | undefined {
  const object = asObject(value);
  const text = asObject(object?.["contentHash"])?.["value"];
  const contentHash = typeof text === "string" ? parseContentHash(text) : undefined;
  const name = object?.["name"];
  const claim = readAddress(object?.["claim"]);
  if (object == null) return undefined;
  return {
    ...(typeof name === "string" ? { name: name.slice(0, 255) } : {}),
    ...(contentHash == null ? {} : { contentHash }),
    ...(claim == null ? {} : { claim }),
  };
}

function readAddress(value: Json | undefined): string | undefined {
  const url = typeof value === "string" ? URL.parse(value) : null;
  if (url == null || !["https:", "http:"].includes(url.protocol)) return undefined;
  // Normalised it may be longer than as it was written.
  return url.href.length <= 2048 ? url.href : undefined;
}
