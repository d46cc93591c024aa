import { expect, test } from "vitest";
import { findClientAddress, parseNetwork } from "./client-address.ts";

function networks(...texts: string[]) {
  return texts.map(parseNetwork).filter((network) => network != null);
}

test.each([
  ["without proxies, the peer", "203.0.113.7", "198.51.100.1", [], "203.0.113.7"],
  ["a v4-mapped peer as IPv4", "::ffff:203.0.113.7", null, [], "203.0.113.7"],
  ["an IPv6 peer by its /64", "2001:db8:1:2:3:4:5:6", null, [], "2001:db8:1:2::/64"],
  ["behind a proxy, whom it names", "10.0.0.1", "198.51.100.1", ["10.0.0.0/8"], "198.51.100.1"],
  ["behind two, whom the first names", "10.0.0.1", "198.51.100.1, 10.0.0.2", ["10.0.0.0/8"], "198.51.100.1"],
  [
    "what a client claims beside that, not",
    "10.0.0.1",
    "1.2.3.4, 198.51.100.1",
    ["10.0.0.1"],
    "198.51.100.1",
  ],
  ["the proxy where it names nobody", "10.0.0.1", null, ["10.0.0.1"], "10.0.0.1"],
  ["the proxy where it names nonsense", "10.0.0.1", "unknown", ["10.0.0.1"], "10.0.0.1"],
  ["an IPv6 proxy's client", "fd00::1", "198.51.100.1", ["fd00::/8"], "198.51.100.1"],
  ["nobody where there is no connection", undefined, "198.51.100.1", ["10.0.0.1"], "unknown"],
])("is %s", (_title, peer, forwarded, proxies, address) => {
  expect(findClientAddress(peer, forwarded, networks(...proxies))).toBe(address);
});

test.each(["", "proxy.example", "10.0.0.0/33", "10.0.0", "012.0.0.1", "300.1.1.1"])(
  "%j is no network",
  (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  },
);
