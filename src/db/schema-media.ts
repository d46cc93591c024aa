import type { Default } from "./column.ts";

export interface Media {
  /** SHA3-256 of the bytes, in lower-case hex. */
  hash: string;
  media_type: "image/jpeg" | "image/png" | "image/webp";
  bytes: number;
  width: number;
  height: number;
  created: Default<Date>;
  /** Since when it may be that it shows no asset. */
  unused: Default<Date | null>;
}

export interface Previews {
  asset_id: number;
  hash: string;
}
