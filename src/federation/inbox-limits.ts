import type { Network } from "../core/client-address.ts";
import { createLimit, type Limit } from "../core/rate-limit.ts";
import { registrableDomain } from "../core/registrable-domain.ts";

/** How much is taken from whom. Each process counts for itself. */
export interface InboundLimits {
  /** Verified activities of a host in a minute. */
  readonly inboxPerHost: number;
  /** Actors of a registrable domain that were not known before, in a minute. */
  readonly newActorsPerDomain: number;
  /** Refused activities from an address in five minutes. */
  readonly refusedPerAddress: number;
  /** How long sending a body may take, in seconds. */
  readonly uploadSeconds: number;
  /** Whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly Network[];
}

export interface InboxLimits {
  /** By the host of the key. */
  readonly perHost: Limit;
  /** By address. */
  readonly refused: Limit;
  readonly newActors: NewActorLimit;
}

/** How many actors may show up whom nobody knew; each counts once in a minute, whatever he sends. */
export interface NewActorLimit {
  /** Counts an actor. Where there were too many of his domain: in how many seconds there may be more. */
  take(actor: string): Promise<number | undefined>;
  /** The same without counting him. */
  check(actor: string): Promise<number | undefined>;
}

/** Starts counting. */
export function createInboxLimits(limits: InboundLimits): InboxLimits {
  return {
    perHost: createLimit(limits.inboxPerHost, 60),
    newActors: limitNewActors(limits.newActorsPerDomain),
    refused: createLimit(limits.refusedPerAddress, 300),
  };
}

function toDomain(actor: string): string {
  return registrableDomain(new URL(actor).hostname);
}

function limitNewActors(points: number): NewActorLimit {
  const perDomain = createLimit(points, 60);
  const seen = createLimit(1, 60);
  const isSeen = async (actor: string) => (await seen.check(actor)) != null;
  return {
    check: async (actor) => ((await isSeen(actor)) ? undefined : await perDomain.check(toDomain(actor))),
    async take(actor) {
      if (await isSeen(actor)) return undefined;
      const wait = await perDomain.take(toDomain(actor));
      if (wait == null) await seen.take(actor);
      return wait;
    },
  };
}
