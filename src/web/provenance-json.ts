import type { Provenance } from "../claims/provenance.ts";
import type { ContentHash } from "../core/content-hash.ts";
import type { Paths } from "../core/paths.ts";
import type { SourceLinks } from "../db/sources.ts";

/** How an asset came to be, as programs and pages see it. */
export interface ProvenanceJson {
  /** The address of the run. */
  readonly run: string;
  /** The renderer's origin. */
  readonly renderer: string;
  readonly recipe: SourceJson | null;
  readonly inputs: readonly SourceJson[];
  readonly started_at: string | null;
  readonly completed_at: string | null;
  /** SHA-256 of what stands at `run_document`, in lower-case hex. */
  readonly run_digest: string;
  /** Whether this server has hashed the output's bytes, or the renderer has stated their hash. */
  readonly evidence: Provenance["evidence"];
  /** Exactly what the renderer said of the run. */
  readonly run_document: string;
}

export interface SourceJson {
  readonly name: string | null;
  readonly content_hash: string | null;
  /** The asset that claims that hash here, the first one; left out in lists of assets. */
  readonly asset?: string | null;
  /** Claims to it on known servers; left out in lists of assets. */
  readonly claims?: readonly string[];
}

/** Where claims to the sources stand, by hash. */
export type Links = ReadonlyMap<string, SourceLinks>;

interface StatedSource {
  readonly name?: string;
  readonly contentHash?: ContentHash;
}

/** What `claims/provenance.ts` writes. */
interface StatedProvenance {
  readonly run: string;
  readonly renderer: string;
  readonly recipe?: StatedSource;
  readonly inputs: readonly StatedSource[];
  readonly startTime?: string;
  readonly endTime?: string;
  readonly runDigest: { readonly value: string };
  readonly evidence: Provenance["evidence"];
}

/** The hashes of what an asset was made of. `stored` is the column. */
export function listSourceHashes(stored: unknown): string[] {
  if (stored == null) return [];
  const { recipe, inputs } = stored as StatedProvenance;
  return [recipe, ...inputs].flatMap((source) => source?.contentHash?.value ?? []);
}

/** The column as JSON, with where its sources are claimed if that was looked up. */
export function toProvenanceJson(
  paths: Paths,
  asset: { readonly name: string; readonly provenance: unknown },
  links: Links | undefined,
): ProvenanceJson | null {
  if (asset.provenance == null) return null;
  const { run, renderer, recipe, inputs, startTime, endTime, runDigest, evidence } =
    asset.provenance as StatedProvenance;
  return {
    run,
    renderer,
    recipe: recipe == null ? null : toSourceJson(paths, recipe, links),
    inputs: inputs.map((input) => toSourceJson(paths, input, links)),
    started_at: startTime ?? null,
    completed_at: endTime ?? null,
    run_digest: runDigest.value,
    evidence,
    run_document: paths.assetRun(asset.name),
  };
}

function toSourceJson(paths: Paths, source: StatedSource, links: Links | undefined): SourceJson {
  const content_hash = source.contentHash?.value ?? null;
  const stated = { name: source.name ?? null, content_hash };
  if (links == null) return stated;
  const found = content_hash == null ? undefined : links.get(content_hash);
  return {
    ...stated,
    asset: found?.name == null ? null : paths.asset(found.name),
    claims: found?.claims ?? [],
  };
}
