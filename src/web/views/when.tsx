import { formatDate } from "./format.ts";

/** A moment, with its exact time for machines. */
export function When({ at, time = false }: { at: string; time?: boolean }) {
  return <time datetime={at}>{formatDate(at, time)}</time>;
}
