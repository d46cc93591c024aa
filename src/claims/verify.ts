import { parseContentHash } from "../core/content-hash.ts";
import { asObject, type JsonObject } from "./json.ts";
import { decodeMultikey } from "./multikey.ts";
import { findVerificationMethod, verifyProof } from "./proof.ts";

export type ClaimCheck =
  /** `publicKey` is the Multikey with which it was proved. */
  | { readonly type: "valid"; readonly contentHash: string; readonly publicKey: string }
  /** Says what is wrong, as a sentence without a full stop. */
  | { readonly type: "invalid"; readonly reason: string };

/**
 * Checks a claim against the document of the actor who is said to have made it: it is a `Create` by that actor of an
 * object of the actor's own with a content hash, at the id where it was found, proved with a key that the actor's
 * document lists as its own.
 */
export async function checkClaim(claim: JsonObject, iri: string, actor: JsonObject): Promise<ClaimCheck> {
  const object = asObject(claim["object"]);
  if (claim["id"] !== iri) return invalid("its id is another one");
  if (claim["type"] !== "Create") return invalid("it is no Create");
  if (typeof actor["id"] !== "string" || claim["actor"] !== actor["id"])
    return invalid("it is another actor's");
  if (object?.["attributedTo"] !== actor["id"]) return invalid("its object is attributed to another actor");
  const hash = asObject(object["contentHash"])?.["value"];
  const contentHash = typeof hash === "string" ? parseContentHash(hash) : undefined;
  if (contentHash == null) return invalid("its object has no content hash");
  const method = findVerificationMethod(claim);
  if (method == null) return invalid("it has no eddsa-jcs-2022 proof");
  const multibase = findPublicKey(actor, method);
  if (multibase == null) return invalid("the actor does not list the key of the proof");
  const proved = await decodeMultikey(multibase).then(
    (key) => verifyProof(claim, key),
    () => false,
  );
  if (!proved) return invalid("its proof is not valid");
  return { type: "valid", contentHash: contentHash.value, publicKey: multibase };
}

/** The Multikey that an actor's document lists under an id as its own (FEP-521a). */
function findPublicKey(actor: JsonObject, method: string): string | undefined {
  const listed = actor["assertionMethod"];
  const keys = Array.isArray(listed) ? listed : [listed];
  for (const key of keys.map(asObject)) {
    const multibase = key?.["publicKeyMultibase"];
    if (key?.["id"] === method && key["controller"] === actor["id"] && typeof multibase === "string")
      return multibase;
  }
  return undefined;
}

function invalid(reason: string): ClaimCheck {
  return { type: "invalid", reason };
}
