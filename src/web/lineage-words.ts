import { local } from "../core/paths.ts";
import { truncate } from "../core/text.ts";
import type { LineageJson, LineageNodeJson } from "./lineage-json.ts";

/** What a node is called: by its claim, or else by what was made of it, or else by its hash. */
export function nameNode({ edges }: Pick<LineageJson, "edges">, node: LineageNodeJson): string {
  const stated = edges.find(({ from, name }) => from === node.hash && name != null)?.name;
  return truncate(node.name ?? stated ?? `${node.hash.slice(0, 10)}…`, 255);
}

/** How things stand with its claims, in a few words. */
export function describeStatus({ status, contested }: LineageNodeJson): string {
  const words = {
    registered: "registered here",
    claimed: "claimed on another server",
    withdrawn: "withdrawn",
    unknown: "claimed by nobody known here",
  }[status];
  return contested ? `${words}, contested` : words;
}

/** The place of a node in the list of them all. */
export function rowId(hash: string): string {
  return `lineage-${hash}`;
}

/** Where one learns more of a node: its page here, our copy of its claim, or its row in the list. */
export function linkNode(node: LineageNodeJson): string {
  const first = node.claims.find(({ withdrawn }) => !withdrawn);
  if (first == null) return `#${rowId(node.hash)}`;
  if (first.copy != null) return local.claimCopy(first.claim);
  return node.name == null ? local.object(node.hash) : local.assetPage(node.name);
}
