import type { Door } from "./door.ts";

/** Whether a server answers: `null` where that isn't known yet. */
export type Probe = (origin: string) => Promise<boolean | null>;

export interface ProbeOptions {
  /** How long an answer is remembered, in milliseconds. */
  readonly maxAge?: number;
  /** How long whoever asks waits for it, in milliseconds. */
  readonly wait?: number;
}

/**
 * Creates what asks servers that are known by name whether they are there. One that answers anything but a server error
 * is. Asked again while an answer is still to come, or is fresh, it sends nothing.
 */
export function createProbe(door: Door, options: ProbeOptions = {}): Probe {
  const { maxAge = 30_000, wait = 1_200 } = options;
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>();

  function ask(origin: string): Promise<boolean> {
    const known = answers.get(origin);
    if (known != null && Date.now() < known.until) return known.answer;
    const answer = door.fetch(origin, { method: "HEAD", redirect: "manual", totalTimeout: 5_000 }).then(
      ({ status }) => status < 500,
      () => false,
    );
    answers.set(origin, { until: Date.now() + maxAge, answer });
    return answer;
  }

  return async (origin) => {
    const { promise, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(resolve, wait, null);
    return await Promise.race([ask(origin), promise]).finally(() => clearTimeout(timer));
  };
}
