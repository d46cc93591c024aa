import type { NoteCollection, Paths } from "../core/paths.ts";
import type { JsonObject } from "./json.ts";

export type Counts = Readonly<Record<NoteCollection, number>>;

/** A post's Note as it is served by itself: with the current counts, where what was signed counts nothing. */
export function withCounts(paths: Paths, note: JsonObject, index: number, counts: Counts): JsonObject {
  const embed = (kind: NoteCollection) => ({
    id: paths.noteCollection(index, kind),
    type: "Collection",
    totalItems: counts[kind],
  });
  return { ...note, likes: embed("likes"), shares: embed("shares"), replies: embed("replies") };
}

/** A collection that says how many there are and, where items are given, which. */
export function buildCollection(id: string, totalItems: number, items?: readonly string[]): JsonObject {
  const context = "https://www.w3.org/ns/activitystreams";
  return { "@context": context, id, type: "Collection", totalItems, ...(items == null ? {} : { items }) };
}
