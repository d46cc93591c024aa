import type { Paths } from "../core/paths.ts";
import { listBurnt } from "../db/burnt.ts";
import { listLocalClaims, listRemoteClaims } from "../db/hash-claims.ts";
import { type WalkedNode, walkLineage, type WalkOptions } from "../db/lineage-walk.ts";
import type { RegistryContext } from "./context.ts";
import { type LineageClaim, toLocalClaim, toRemoteClaim } from "./lineage-claim.ts";

/** Some bytes in the graph of works, and who claims them. */
export interface LineageNode {
  readonly hash: string;
  /**
   * `registered`: claimed on this server; `claimed`: on another, by a claim that was verified; `withdrawn`: by nobody
   * any longer; `unknown`: by nobody who is known here.
   */
  readonly status: "registered" | "claimed" | "withdrawn" | "unknown";
  /** Whether several actors claim them. */
  readonly contested: boolean;
  /** The first one first: those of this server in the order of its log, then others as they became known. */
  readonly claims: readonly LineageClaim[];
  /** Steps back from the beginning, where it was made from this, and forth, where it was used in this. */
  readonly back: number | null;
  readonly forth: number | null;
}

/** That some bytes went into others, as a claim to these states it. */
export interface LineageEdge {
  /** Hash of what was used. */
  readonly from: string;
  /** Hash of what was made. */
  readonly to: string;
  readonly role: "input" | "recipe";
  readonly name: string | null;
  /** The claim that states it. */
  readonly claim: string;
}

export interface Lineage {
  /** Where it begins. */
  readonly root: string;
  /** The nearest first, the beginning before all. */
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  /** Whether there is more than was asked for. */
  readonly truncated: boolean;
}

/** From what the bytes with a hash were made, and in what they were used, within the limits, with who claims all that. */
export async function readLineage(
  context: Pick<RegistryContext, "db" | "paths" | "burnKey">,
  root: string,
  options: WalkOptions,
): Promise<Lineage> {
  const { db, paths } = context;
  const walk = await walkLineage(db, root, options);
  const hashes = walk.nodes.map(({ hash }) => hash);
  const [local, remote, burnt] = await Promise.all([
    listLocalClaims(db, hashes),
    listRemoteClaims(db, hashes),
    listWithdrawn(context, hashes),
  ]);
  const claims = Map.groupBy(
    [...local.map((claim) => toLocalClaim(paths, claim)), ...remote.map(toRemoteClaim)],
    ({ hash }) => hash,
  );
  return {
    root,
    nodes: walk.nodes.map((node) => toNode(node, claims.get(node.hash) ?? [], burnt.has(node.hash))),
    edges: walk.edges.map((edge) => ({
      from: edge.input,
      to: edge.output,
      role: edge.role,
      name: edge.name,
      claim: toClaimIri(paths, edge),
    })),
    truncated: walk.truncated,
  };
}

/** The hashes whose first claim on this server was withdrawn: of that nothing is left but its burnt address. */
async function listWithdrawn(
  { db, paths, burnKey }: Pick<RegistryContext, "db" | "paths" | "burnKey">,
  hashes: readonly string[],
): Promise<Set<string>> {
  const addresses = new Map(hashes.map((value) => [paths.object({ value }), value]));
  const burnt = await listBurnt(db, burnKey, [...addresses.keys()]);
  return new Set([...burnt].flatMap((address) => addresses.get(address) ?? []));
}

function toNode(
  { hash, back, forth }: WalkedNode,
  claims: readonly LineageClaim[],
  burnt: boolean,
): LineageNode {
  const living = claims.filter(({ withdrawn }) => !withdrawn);
  const contested = new Set(living.map(({ creator }) => creator.url)).size > 1;
  return { hash, status: findStatus(claims, living, burnt), contested, claims, back, forth };
}

function findStatus(
  claims: readonly LineageClaim[],
  living: readonly LineageClaim[],
  burnt: boolean,
): LineageNode["status"] {
  if (living.some(({ kept }) => kept == null)) return "registered";
  if (living.length > 0) return "claimed";
  return burnt || claims.length > 0 ? "withdrawn" : "unknown";
}

function toClaimIri(paths: Paths, { index, iri }: { index: number | null; iri: string | null }): string {
  return iri ?? paths.activity(index ?? 0);
}
