import { lookup as lookupName } from "node:dns/promises";
import type { LookupOptions } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { buildConnector } from "undici";
import { isPublicAddress } from "./address.ts";

/** What a connection fails with when its host has an address that may not be reached. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";

  constructor(address: string) {
    super(`the address ${address} may not be reached from here`);
  }
}

/** All addresses of a host name. It rejects when there is none. */
export type Lookup = (hostname: string) => Promise<readonly { address: string; family: 4 | 6 }[]>;

/** The DNS lookup of the operating system. */
export async function systemLookup(hostname: string): Promise<{ address: string; family: 4 | 6 }[]> {
  const found = await lookupName(hostname, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** Makes what connects by TCP and TLS. It must find addresses by the lookup it is given, which judges them. */
export type BuildConnector = (options: {
  timeout: number;
  lookup: LookupFunction;
}) => buildConnector.connector;

export interface ConnectorOptions {
  lookup: Lookup;
  /** undici's own by default. */
  connector?: BuildConnector | undefined;
  /** How long a TCP and TLS connection may take, name lookup included, in milliseconds. */
  timeout: number;
  /** Whether private addresses of this origin may be reached. */
  mayReachPrivate: (origin: string) => boolean;
}

/**
 * A connector for undici that checks the very addresses it connects to, so that a name cannot pass a check with
 * one answer and be connected to with another (DNS rebinding).
 *
 * A name with public and other addresses is refused as a whole.
 */
export function createConnector(options: ConnectorOptions): buildConnector.connector {
  const { timeout, connector: build = buildConnector } = options;
  const open = build({ timeout, lookup: toLookupFunction(options.lookup, () => true) });
  const guarded = build({ timeout, lookup: toLookupFunction(options.lookup, isPublicAddress) });
  return (target, callback) => {
    const { origin } = new URL(`${target.protocol}//${target.host ?? target.hostname}`);
    if (options.mayReachPrivate(origin)) return open(target, callback);
    // For an address in the URL there is no lookup, so it is checked here.
    const literal = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && !isPublicAddress(literal)) return callback(new AddressRefused(literal), null);
    return guarded(target, callback);
  };
}

function toLookupFunction(lookup: Lookup, allowed: (address: string) => boolean): LookupFunction {
  const resolve = callbackify(async (hostname: string, family: LookupOptions["family"]) => {
    const found = await lookup(hostname);
    const bad = found.find(({ address }) => !allowed(address));
    if (bad != null) throw new AddressRefused(bad.address);
    const wanted = found.filter((each) => (family !== 4 && family !== 6) || each.family === family);
    if (wanted.length === 0) throw new Error(`${hostname} has no address`);
    return wanted;
  });
  return (hostname, options, callback) => {
    resolve(hostname, options.family, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error != null || first == null) callback(error, []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
