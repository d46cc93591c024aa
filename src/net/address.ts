import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** The 2000::/3 block, the only one from which IANA hands out global unicast addresses. */
const globalUnicast = ipaddr.IPv6.parse("2000::");

/** RFC 6052: the last 32 bits are the IPv4 address that a NAT64 gateway will connect to. */
const nat64 = ipaddr.IPv6.parse("64:ff9b::");

/** Routable on paper, but inside Azure it answers as the machine's own control plane. */
const platformServices: ReadonlySet<string> = new Set(["168.63.129.16"]);

/**
 * Whether an IP address is a public unicast address, one that a stranger's URL may make this server connect to.
 *
 * An IPv4 address inside an IPv6 one (v4-mapped, NAT64) is judged itself. Tunnels (6to4, Teredo) and everything
 * outside 2000::/3 are not public.
 *
 * @param ip An address in its usual notation, without brackets; other text and addresses with a zone are not public.
 */
export function isPublicAddress(ip: string): boolean {
  // The parser of ipaddr.js also takes octal and hexadecimal spellings; one notation is enough here.
  if (isIP(ip) === 0 || ip.includes("%")) return false;
  if (isIP(ip) === 4) return isPublicV4(ipaddr.IPv4.parse(ip));
  // It also takes ::8.8.8.8 for v4-mapped, which is v4-compatible; written without dots there is no doubt.
  return isPublicV6(ipaddr.IPv6.parse(new URL(`http://[${ip}]`).hostname.slice(1, -1)));
}

function isPublicV4(address: ipaddr.IPv4): boolean {
  return address.range() === "unicast" && !platformServices.has(address.toString());
}

function isPublicV6(address: ipaddr.IPv6): boolean {
  if (address.isIPv4MappedAddress()) return isPublicV4(address.toIPv4Address());
  if (address.match(nat64, 96)) return isPublicV4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  return address.match(globalUnicast, 3) && address.range() === "unicast";
}
