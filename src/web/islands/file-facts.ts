import type { MediaFacts } from "./describe-media.ts";

/** What a work is called by its file: without the ending. */
export function toName(file: { name: string }): string {
  return file.name.replace(/\.[^.]{1,8}$/, "");
}

/** The values of the form's fields that a file itself tells. */
export function toFieldValues(file: { type: string }, facts: MediaFacts): Record<string, string> {
  const kind = file.type.split("/")[0] ?? "";
  const known = ["image", "video", "audio"].includes(kind) ? kind : "other";
  return Object.fromEntries(
    Object.entries({
      asset_type: known,
      media_type: file.type,
      width: facts.width?.toString(),
      height: facts.height?.toString(),
      duration: facts.duration == null ? undefined : String(Number(facts.duration.toFixed(3))),
    }).filter((entry): entry is [string, string] => entry[1] != null && entry[1] !== ""),
  );
}

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A size as people read it: `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
