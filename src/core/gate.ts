/** Says that so many wait for something already that nobody else should. */
export class GateFull extends Error {
  override readonly name = "GateFull";
}

/** Lets a few through at once; the others wait in line. */
export interface Gate {
  /** Runs the work when it is its turn. Throws {@link GateFull} at once where `line` others wait already. */
  run<T>(line: number, work: () => Promise<T>): Promise<T>;
}

/** A gate for so many at once. */
export function createGate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  return {
    async run(line, work) {
      if (free > 0) free--;
      else {
        if (waiting.length >= line) throw new GateFull("too many are waiting");
        // Whoever leaves hands on the place, so that nobody who comes in between takes it.
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next == null) free++;
        else next();
      }
    },
  };
}
