import { getLogger } from "@logtape/logtape";

const logger = getLogger(["artdag", "web", "log"]);

interface Listener {
  /** The log has grown. */
  grown(): void;
  /** Nothing will be told any more. */
  closed(): void;
}

/** Tells whoever listens that the log has grown. */
export interface LogWatcher {
  /** Listens until what it gives back is called; `undefined` where too many listen already, in all or from an address. */
  join(address: string, listener: Listener): (() => void) | undefined;
  /** Ends for all. */
  close(): void;
}

/** How often the log is looked at while anybody listens, in milliseconds, and how many may listen, from one address too. */
const limits = { interval: 1000, listeners: 500, perAddress: 20 };

/** Looks at the log once for all listeners, and not at all while there are none. */
export function createLogWatcher(getSize: () => Promise<number>): LogWatcher {
  const listeners = new Map<Listener, string>();
  let timer: NodeJS.Timeout | undefined;
  let known: number | undefined;
  let open = true;

  async function look(): Promise<void> {
    try {
      const size = await getSize();
      // The first look says nothing of what came before it, so that it counts as news.
      if (size !== known) for (const { grown } of listeners.keys()) grown();
      known = size;
    } catch (error) {
      logger.warn("The log could not be looked at: {error}", { error });
    }
    const watched = open && listeners.size > 0;
    timer = watched ? setTimeout(() => void look(), limits.interval) : undefined;
  }

  return {
    join(address, listener) {
      const beside = [...listeners.values()].filter((other) => other === address).length;
      if (!open || listeners.size >= limits.listeners || beside >= limits.perAddress) return undefined;
      listeners.set(listener, address);
      timer ??= setTimeout(() => void look(), limits.interval);
      return () => listeners.delete(listener);
    },
    close() {
      open = false;
      for (const { closed } of listeners.keys()) closed();
      listeners.clear();
      clearTimeout(timer);
    },
  };
}
