import { getDomain } from "tldts";

/**
 * The part of a host name (as `URL.hostname` has it) that somebody registered: of `social.example.co.uk` it is
 * `example.co.uk`, of `me.github.io` all of it. What has none, such as an address, is returned as it is.
 */
export function registrableDomain(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname;
}

/** Whether two URLs are of hosts under one registrable domain. */
export function shareDomain(one: URL, other: URL): boolean {
  return registrableDomain(one.hostname) === registrableDomain(other.hostname);
}
