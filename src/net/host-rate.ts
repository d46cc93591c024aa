import { putBounded } from "./bounded.ts";

export interface HostRateOptions {
  /** How many times a host may be asked in any minute. */
  perMinute: number;
  /** Of how many hosts to keep count; the ones asked longest ago are forgotten. */
  hosts: number;
  /** The time in milliseconds. */
  now: () => number;
}

const minute = 60_000;

/**
 * Counts what is asked of each host in the last minute. The function it returns takes a host name and says whether
 * one more is allowed; then it is counted.
 */
export function createHostRate({ perMinute, hosts, now }: HostRateOptions): (hostname: string) => boolean {
  const asked = new Map<string, number[]>();
  return (hostname) => {
    const time = now();
    const recent = (asked.get(hostname) ?? []).filter((then) => time - then < minute);
    const allowed = recent.length < perMinute;
    if (allowed) recent.push(time);
    putBounded(asked, hostname, recent, hosts);
    return allowed;
  };
}
