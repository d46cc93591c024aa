import { asObject, type Json, type JsonObject } from "../claims/json.ts";
import { formatHandle } from "../core/handle.ts";
import { type AssetType, assetTypes } from "../core/media.ts";
import type { Paths } from "../core/paths.ts";
import type { LocalClaim, RemoteClaim } from "../db/hash-claims.ts";

/** Who claims something: an actor of this server or of another. */
export interface Creator {
  readonly handle: string;
  readonly url: string;
}

/** A claim to a hash, as its author states it. Addresses of other servers are not to be trusted. */
export interface LineageClaim {
  readonly hash: string;
  readonly iri: string;
  readonly creator: Creator;
  readonly name: string | null;
  readonly assetType: AssetType | null;
  /** The page about the work. */
  readonly page: string | null;
  readonly object: string | null;
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

/** What a verified copy tells. */
export function toRemoteClaim(claim: RemoteClaim): LineageClaim {
  const { hash, iri, actor, username, host } = claim;
  const object = asObject((JSON.parse(claim.document) as JsonObject)["object"]) ?? {};
  const type = object["assetType"];
  return {
    hash,
    iri,
    creator: { handle: username == null ? actor : formatHandle({ username, host }), url: actor },
    name: readText(object["name"]),
    assetType: assetTypes.find((known) => known === type) ?? null,
    page: findPage(object["url"]),
    object: readText(object["id"]),
    withdrawn: claim.withdrawn != null,
    kept: claim.fetched,
  };
}

function readText(value: Json | undefined): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.slice(0, 2048) : null;
}

function findPage(value: Json | undefined): string | null {
  if (typeof value === "string") return readText(value);
  const links = Array.isArray(value) ? (value as readonly Json[]).map(asObject) : [asObject(value)];
  return readText(links.find((link) => link?.["mediaType"] === "text/html")?.["href"]);
}
