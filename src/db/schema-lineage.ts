import type { Generated } from "kysely";

/** That some bytes were made from others, as a claim states it: of an asset of this server, or of another server. */
export interface LineageEdges {
  id: Generated<number>;
  /** Content hash of what was made. */
  output: string;
  /** Content hash of what it was made from. */
  input: string;
  role: "input" | "recipe";
  /** The place among what the claim lists: the recipe's is 0, inputs begin at 1. */
  position: number;
  /** What the run calls the input. */
  name: string | null;
  asset_id: number | null;
  remote_claim_id: number | null;
}
