/**
 * An actor's document, or a key's, without keys and proofs for documents: one of a kind that Fedify does not know would
 * make it all unreadable. Such proofs are checked here against the JSON itself.
 */
export function toReadableActor(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { assertionMethod: _keys, proof: _proof, signature: _signature, ...rest } = document;
  return rest;
}
