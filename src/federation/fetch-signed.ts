import type { FetchedDocument } from "../net/documents.ts";
import type { FederationContext } from "./context.ts";
import { signAsInstance } from "./sign.ts";

/** Fetches a document as the server itself. Throws `DocumentError` where it could not be had. */
export function fetchSigned(
  { keys, paths, documents }: Pick<FederationContext, "keys" | "paths" | "documents">,
  iri: string,
): Promise<FetchedDocument> {
  return documents.fetchDocument(iri, { sign: (request) => signAsInstance(keys, paths, request) });
}
