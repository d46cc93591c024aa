import { formatHandle } from "../core/handle.ts";
import type { Paths } from "../core/paths.ts";
import type { LocalClaim, RemoteClaim } from "../db/hash-claims.ts";
import { type ClaimSummary, readSummary } from "./claim-summary.ts";

/** Who claims something: an actor of this server or of another. */
export interface Creator {
  readonly handle: string;
  readonly url: string;
}

/** A claim to a hash, as its author states it. Addresses of other servers are not to be trusted. */
export interface LineageClaim extends ClaimSummary {
  readonly hash: string;
  readonly iri: string;
  readonly creator: Creator;
  readonly withdrawn: boolean;
  /** When a claim of another server was verified and kept; `null` for one of this server. */
  readonly kept: Date | null;
}

export function toLocalClaim(paths: Paths, claim: LocalClaim): LineageClaim {
  const { hash, index, name, owner } = claim;
  return {
    hash,
    iri: paths.activity(index),
    creator: { handle: formatHandle({ username: owner, host: paths.host }), url: paths.actor(owner) },
    name,
    assetType: claim.asset_type,
    page: paths.assetPage(name),
    object: paths.object({ value: hash }, claim.later_claim ? index : undefined),
    withdrawn: false,
    kept: null,
  };
}

/** What is kept of a verified copy for lists. */
export function toRemoteClaim(claim: RemoteClaim): LineageClaim {
  const { hash, iri, actor, username, host } = claim;
  return {
    hash,
    iri,
    creator: { handle: username == null ? actor : formatHandle({ username, host }), url: actor },
    ...readSummary(claim.summary),
    withdrawn: claim.withdrawn != null,
    kept: claim.fetched,
  };
}
