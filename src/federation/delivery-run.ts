import type { DueDelivery } from "../db/deliveries.ts";

/** Hands out what is due for a host, one after the other. */
export interface DeliveryRun {
  /**
   * The next delivery, once there is one: the oldest to an inbox that is not being sent to, where there is one. Of one
   * sender and inbox never two at once. `undefined` when nothing is left and nothing is being sent.
   */
  next(): Promise<DueDelivery | undefined>;
  /** Says that a delivery is over, and what came of it is stored. */
  done(delivery: DueDelivery): void;
}

/** `load` reads what is due now; it is asked again when all of its answer is handed out. */
export function createDeliveryRun(load: () => Promise<readonly DueDelivery[]>): DeliveryRun {
  const begun = new Set<number>();
  const sending = new Set<DueDelivery>();
  let ready: DueDelivery[] = [];
  let loading: Promise<void> | undefined;
  let changed = Promise.withResolvers<void>();

  function take(): DueDelivery | undefined {
    const inboxes = new Set([...sending].map(({ inbox }) => inbox));
    const lines = new Set([...sending].map(({ inbox, userId }) => `${userId} ${inbox}`));
    const free = ready.filter(({ inbox, userId }) => !lines.has(`${userId} ${inbox}`));
    const found = free.find(({ inbox }) => !inboxes.has(inbox)) ?? free[0];
    if (found == null) return undefined;
    ready.splice(ready.indexOf(found), 1);
    begun.add(found.id);
    sending.add(found);
    return found;
  }

  async function refill(): Promise<void> {
    const due = await load();
    // What was begun while this was read is no longer due.
    ready = due.filter(({ id }) => !begun.has(id));
  }

  return {
    async next() {
      for (;;) {
        const waiting = changed.promise;
        const found = take();
        if (found != null) return found;
        loading ??= refill().finally(() => (loading = undefined));
        await loading;
        const loaded = take();
        if (loaded != null) return loaded;
        if (sending.size === 0) return undefined;
        await waiting;
      }
    },
    done(delivery) {
      sending.delete(delivery);
      changed.resolve();
      changed = Promise.withResolvers();
    },
  };
}
