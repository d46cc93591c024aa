import type { AssetType } from "../core/media.ts";
import type { Paths } from "../core/paths.ts";
import { formatDuration, formatInstant } from "../core/time.ts";
import { documentContext } from "./context.ts";
import { asObject, compact, type Json, type JsonObject } from "./json.ts";
import { toParagraphs } from "./markup.ts";
import type { Change, Registration, Withdrawal, Work } from "./work.ts";

/**
 * The claim: an unproved `Create` of the work, addressed to nobody, for the record. Its object's `url` names the page
 * and, where there is one, the file. `metadata` is a JSON literal, so that no word in it means anything to JSON-LD.
 */
export function buildClaim(paths: Paths, registration: Registration): JsonObject {
  return {
    "@context": documentContext,
    id: paths.activity(registration.index),
    type: "Create",
    actor: paths.actor(registration.username),
    published: formatInstant(registration.published),
    object: buildObject(paths, registration),
  };
}

/** The change of a claimed work: an unproved `Update` with the whole object as it is from now on, under its old id. */
export function buildClaimUpdate(paths: Paths, { registration, index, updated }: Change): JsonObject {
  return {
    "@context": documentContext,
    id: paths.activity(index),
    type: "Update",
    actor: paths.actor(registration.username),
    published: formatInstant(updated),
    object: buildObject(paths, registration, updated),
  };
}

/** The withdrawal of a claim: an unproved `Delete`, which says of the claim nothing but its address. */
export function buildClaimDelete(paths: Paths, withdrawal: Withdrawal): JsonObject {
  const deleted = formatInstant(withdrawal.deleted);
  return {
    "@context": documentContext,
    id: paths.activity(withdrawal.index),
    type: "Delete",
    actor: paths.actor(withdrawal.username),
    published: deleted,
    object: {
      id: paths.activity(withdrawal.claimIndex),
      type: "Tombstone",
      formerType: "Create",
      deleted,
    },
  };
}

function buildObject(paths: Paths, registration: Registration, updated?: Date): JsonObject {
  const { work, username, published } = registration;
  return compact({
    id: paths.object(work.contentHash, registration.laterIndex),
    type: toObjectType(work.assetType),
    attributedTo: paths.actor(username),
    name: work.name,
    content: work.description == null ? undefined : toParagraphs(work.description),
    url: toUrls(paths, work),
    mediaType: work.mediaType,
    duration: work.duration == null ? undefined : formatDuration(work.duration),
    tag: toTags(paths, work.tags),
    contentHash: { ...work.contentHash },
    assetType: work.assetType,
    license: work.license,
    metadata: work.metadata,
    provenance: work.provenance,
    published: formatInstant(published),
    updated: updated == null ? undefined : formatInstant(updated),
  });
}

/** The object of a stored activity as a document of its own: the same entries, under the activity's `@context`. */
export function extractObject(activity: JsonObject): JsonObject {
  return { "@context": activity["@context"] ?? [], ...asObject(activity["object"]) };
}

/** Code and recipes are documents: `Application` and the like are types of actors. */
function toObjectType(type: AssetType): string {
  if (type === "image") return "Image";
  if (type === "video") return "Video";
  return type === "audio" ? "Audio" : "Document";
}

function toUrls(paths: Paths, work: Work): Json {
  const page = { type: "Link", mediaType: "text/html", href: paths.assetPage(work.name) };
  if (work.url == null) return [page];
  const { url: href, mediaType, width, height } = work;
  return [page, compact({ type: "Link", mediaType, href, width, height })];
}

function toTags(paths: Paths, tags: readonly string[]): Json | undefined {
  if (tags.length === 0) return undefined;
  return tags.map((tag) => ({ type: "Hashtag", name: `#${tag}`, href: paths.tag(tag) }));
}
