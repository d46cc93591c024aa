import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** A network: its address and the length of its prefix. */
export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Reads an address or a network in CIDR notation; `undefined` where it is neither. */
export function parseNetwork(text: string): Network | undefined {
  // ipaddr.js also takes shortened and octal spellings; one notation is enough here.
  if (isIP(text.split("/", 1)[0] ?? "") === 0) return undefined;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = parseAddress(text);
  if (address == null) return undefined;
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

/**
 * The address that a request came from, as limits count it: an IPv4 address, or the /64 network of an IPv6 one.
 *
 * `X-Forwarded-For` is believed as far as proxies that are trusted wrote it: from its end, up to the first address
 * that isn't one of theirs.
 *
 * @param peer Who the connection is from.
 */
export function findClientAddress(
  peer: string | undefined,
  forwarded: string | null,
  trusted: readonly Network[],
): string {
  const hops = forwarded?.split(",").map((hop) => hop.trim()) ?? [];
  let client = parseAddress(peer);
  while (client != null && isTrusted(client, trusted)) {
    const before = parseAddress(hops.pop());
    if (before == null) break;
    client = before;
  }
  return client == null ? "unknown" : toKey(client);
}

function parseAddress(text: string | undefined): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return text != null && isIP(text) !== 0 ? ipaddr.process(text) : undefined;
}

function isTrusted(address: ipaddr.IPv4 | ipaddr.IPv6, trusted: readonly Network[]): boolean {
  return trusted.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));
}

function toKey(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]).toString()}/64`;
}
