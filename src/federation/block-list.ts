import { domainOf, listParentDomains, normalizeIri } from "../core/domain.ts";
import { type BlockTarget, listServerBlocks } from "../db/blocks.ts";
import type { Database } from "../db/schema.ts";

/** How old the list in memory may be, in milliseconds: so much later than elsewhere a block holds in this process. */
const maxAge = 2000;

/** What is blocked for the whole server, at hand for every request. */
export interface BlockList {
  /** Whether an actor, a key or another IRI is one that the server blocks, or lies on a domain that it blocks. */
  has(iri: string): Promise<boolean>;
}

/** Keeps the list in memory, at most two seconds old, so that a flood of requests costs no queries. */
export function createBlockList(db: Database): BlockList {
  let read = 0;
  let list: Promise<ReadonlySet<string>> | undefined;

  function load(): Promise<ReadonlySet<string>> {
    if (list == null || Date.now() - read > maxAge) {
      read = Date.now();
      const loading = listServerBlocks(db).then((blocks) => new Set(blocks.map(toKey)));
      // What could not be read is read again for the next one who asks.
      loading.catch(() => (list = undefined));
      list = loading;
    }
    return list;
  }

  return {
    async has(iri) {
      const keys = listKeys(iri);
      const blocked = await load();
      return keys.some((key) => blocked.has(key));
    },
  };
}

function toKey({ kind, target }: BlockTarget): string {
  return `${kind} ${target}`;
}

function listKeys(iri: string): string[] {
  const domain = domainOf(iri);
  const target = normalizeIri(iri);
  if (domain == null || target == null) return [];
  const domains = listParentDomains(domain).map((parent) => toKey({ kind: "domain", target: parent }));
  return [toKey({ kind: "actor", target }), ...domains];
}
