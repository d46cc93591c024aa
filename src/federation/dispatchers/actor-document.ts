import type { ActorKeys } from "../../accounts/key-files.ts";
import type { KeyRing } from "../../accounts/key-ring.ts";
import { exportPublicKey } from "../../accounts/pem.ts";
import { compact, type Json, type JsonObject } from "../../claims/json.ts";
import { toParagraphs } from "../../claims/markup.ts";
import { encodeMultikey } from "../../claims/multikey.ts";
import { escapeHtml } from "../../core/html.ts";
import { splitLinks } from "../../core/links.ts";
import { guessMediaType } from "../../core/media-type.ts";
import type { Paths } from "../../core/paths.ts";
import { formatInstant } from "../../core/time.ts";
import type { UserRow } from "../../db/schema.ts";
import { rsaKeyId } from "../sign.ts";

/** The terms by the names under which Mastodon, which reads names and not IRIs, knows them. */
const context = [
  "https://www.w3.org/ns/activitystreams",
  "https://w3id.org/security/v1",
  "https://www.w3.org/ns/did/v1",
  "https://w3id.org/security/multikey/v1",
  {
    manuallyApprovesFollowers: "as:manuallyApprovesFollowers",
    alsoKnownAs: { "@id": "as:alsoKnownAs", "@type": "@id" },
    movedTo: { "@id": "as:movedTo", "@type": "@id" },
    toot: "http://joinmastodon.org/ns#",
    featured: { "@id": "toot:featured", "@type": "@id" },
    discoverable: "toot:discoverable",
    indexable: "toot:indexable",
    attributionDomains: { "@id": "toot:attributionDomains", "@type": "@id" },
    schema: "http://schema.org#",
    PropertyValue: "schema:PropertyValue",
    value: "schema:value",
  },
];

/** A user's actor, whole, as it is served and as an `Update` carries it. Throws where the user's keys can't be had. */
export async function describeUser(
  { keys, paths }: { readonly keys: KeyRing; readonly paths: Paths },
  user: UserRow,
): Promise<JsonObject> {
  const { username } = user;
  const id = paths.actor(username);
  return compact({
    "@context": context,
    id,
    type: "Person",
    preferredUsername: username,
    name: user.name ?? username,
    summary: user.summary == null ? "" : toParagraphs(user.summary),
    url: id,
    inbox: paths.inbox(username),
    outbox: paths.outbox(username),
    followers: paths.followers(username),
    following: paths.following(username),
    featured: paths.featured(username),
    endpoints: { sharedInbox: paths.sharedInbox },
    published: formatInstant(user.created),
    manuallyApprovesFollowers: false,
    discoverable: true,
    indexable: true,
    icon: toImage(user.icon_url),
    image: toImage(user.image_url),
    attachment: user.fields.map(({ name, value }) => ({ type: "PropertyValue", name, value: toHtml(value) })),
    alsoKnownAs: user.also_known_as,
    movedTo: user.moved_to ?? undefined,
    // A domain, not a host: readers compare it with the name alone.
    attributionDomains: [new URL(paths.origin).hostname],
    ...(await describeKeys(id, await keys.get(username))),
  });
}

/** RSA for signatures, Ed25519 for proofs (FEP-521a). Fedify's own key ids tell positions, ours the keys. */
async function describeKeys(owner: string, { rsa, ed25519 }: ActorKeys) {
  const multibase = await encodeMultikey(ed25519.publicKey);
  const id = `${owner}#${multibase}`;
  return {
    publicKey: { id: rsaKeyId(owner), owner, publicKeyPem: await exportPublicKey(rsa.publicKey) },
    assertionMethod: [{ id, type: "Multikey", controller: owner, publicKeyMultibase: multibase }],
  };
}

function toImage(url: string | null): Json | undefined {
  return url == null ? undefined : compact({ type: "Image", mediaType: guessMediaType(url), url });
}

/** Plain text as one line of HTML. Links say `me`, by which the page they lead to can confirm them. */
function toHtml(text: string): string {
  return splitLinks(text)
    .map(({ text: piece, href }) => {
      const shown = escapeHtml(piece);
      return href == null ? shown : `<a href="${escapeHtml(href)}" rel="me nofollow noopener">${shown}</a>`;
    })
    .join("");
}
