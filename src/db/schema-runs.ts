import type { Default } from "./column.ts";

/** A run of a renderer that a user has recorded as his. */
export interface Runs {
  /** Origin. */
  l1_server: string;
  run_id: string;
  user_id: number;
  /** What came of it. */
  asset_id: number;
  /** Exactly what the renderer said of the run. */
  document: string;
  /** SHA-256 of the document in lower-case hex. */
  digest: string;
  created: Default<Date>;
}
