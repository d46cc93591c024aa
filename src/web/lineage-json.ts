import type { Paths } from "../core/paths.ts";
import type { Lineage, LineageNode } from "../registry/lineage.ts";

/** The graph of works around one as programs see it. Absent values are `null`; all links are URLs. */
export function toLineageJson(paths: Paths, { root, nodes, edges, truncated }: Lineage) {
  return { root, nodes: nodes.map((node) => toNodeJson(paths, node)), edges, truncated };
}

function toNodeJson(paths: Paths, { hash, status, contested, claims, back, forth }: LineageNode) {
  const first = findFirst(claims);
  return {
    hash,
    status,
    contested,
    /** What the first claim that stands says. */
    name: first?.name ?? null,
    asset_type: first?.assetType ?? null,
    page: first?.page ?? null,
    object: first?.object ?? null,
    claim: first?.iri ?? null,
    creators: listCreators(claims),
    claims: claims.map((claim) => ({
      claim: claim.iri,
      creator: claim.creator,
      name: claim.name,
      page: claim.page,
      object: claim.object,
      withdrawn: claim.withdrawn,
      verified: true,
      copy: claim.kept == null ? null : paths.claimCopy(claim.iri),
      kept_at: claim.kept?.toISOString() ?? null,
    })),
    made_from_steps: back,
    used_in_steps: forth,
  };
}

/** The first claim that was not withdrawn, or else the first one. */
function findFirst(claims: LineageNode["claims"]): LineageNode["claims"][number] | undefined {
  return claims.find(({ withdrawn }) => !withdrawn) ?? claims[0];
}

/** Who claims something, each once, the first one first. */
function listCreators(claims: LineageNode["claims"]) {
  const living = claims.filter(({ withdrawn }) => !withdrawn);
  return [...new Map(living.map(({ creator }) => [creator.url, creator])).values()];
}

export type LineageJson = ReturnType<typeof toLineageJson>;
export type LineageNodeJson = LineageJson["nodes"][number];
