import { preloadedContexts, type RemoteDocument } from "@fedify/vocab-runtime";
import { litepubContext } from "./litepub.ts";

const litepubPath = /\/schemas\/litepub-[^/]*\.jsonld$/u;

/**
 * Loads a JSON-LD context without ever touching the network; a document loader for Fedify's contexts.
 *
 * Contexts that are not known count as empty: their terms mean nothing here, and nobody can make this server
 * fetch, or believe, a context of theirs.
 */
export async function loadContext(url: string): Promise<RemoteDocument> {
  return { contextUrl: null, documentUrl: url, document: findContext(url) ?? { "@context": {} } };
}

/** The built-in context of a URL, if there is one. */
export function findContext(url: string): unknown {
  const [address = url] = url.split("#", 1);
  if (Object.hasOwn(preloadedContexts, address)) return preloadedContexts[address];
  return litepubPath.test(URL.parse(address)?.pathname ?? "") ? litepubContext : undefined;
}
