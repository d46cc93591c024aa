import type { HostFailure } from "./delivery-outcome.ts";

/** How many inboxes must have failed, and none have taken anything, before a host is given no further try. */
const witnesses = 4;

/** Who is to be left alone after a trial. */
export type Verdict =
  | { readonly type: "host"; readonly failures: readonly HostFailure[] }
  | { readonly type: "inboxes"; readonly failures: ReadonlyMap<string, HostFailure> };

/** What the deliveries of one run say of a host and its inboxes. */
export interface Trial {
  /** Notes that the host answered an inbox as a host in order does, be it with a refusal. */
  answered(): void;
  /** Notes a failure that may be the host's. `troubled`: the inbox had failed the last time, and its host had not. */
  failed(inbox: string, failure: HostFailure, troubled: boolean): void;
  /** Whether enough has failed to stop. */
  readonly hopeless: boolean;
  /** Inboxes to which nothing more is to be sent in this run. */
  readonly avoided: readonly string[];
  /** `isOnly` says whether a host is known to have no inbox but that one. */
  conclude(isOnly: (inbox: string) => Promise<boolean>): Promise<Verdict>;
}

/**
 * Tells a host that fails from an inbox that fails. An inbox that times out, breaks the connection, answers 5xx or 429
 * may be alone in its trouble. The host is held to fail when
 *
 * - nothing got through in this run, and two inboxes or more failed that had not failed alone before: all that had
 *   something due, or the first four, or
 * - one failed, and it is the only inbox that we know of the host, whatever it took before in this run.
 *
 * Otherwise every inbox that failed is left alone by itself. So a dead host costs four tries a run, however many inboxes
 * it has, and a few broken inboxes never keep the others of their host waiting: those that failed the last time are
 * tried after all others, and no longer count against their host.
 */
export function createTrial(): Trial {
  const suspects = new Map<string, HostFailure>();
  const troubled = new Map<string, HostFailure>();
  let alive = false;
  return {
    answered() {
      alive = true;
    },
    failed(inbox, failure, wasTroubled) {
      (wasTroubled ? troubled : suspects).set(inbox, failure);
    },
    get hopeless() {
      return !alive && suspects.size >= witnesses;
    },
    get avoided() {
      return [...suspects.keys(), ...troubled.keys()];
    },
    async conclude(isOnly) {
      const failures = new Map([...suspects, ...troubled]);
      const [first] = failures.keys();
      const alone = failures.size === 1 && first != null && (await isOnly(first));
      return alone || (!alive && suspects.size > 1)
        ? { type: "host", failures: [...failures.values()] }
        : { type: "inboxes", failures };
    },
  };
}
