import type { Transaction } from "./schema.ts";
import type { LineageEdges } from "./schema-lineage.ts";

/** That what a claim is to was made from something. */
export type NewEdge = Pick<LineageEdges, "input" | "role" | "position" | "name">;

/** Who states it: the claim of an asset, or a claim of another server. */
export type EdgeSource = { readonly asset: number } | { readonly remoteClaim: number };

/** Stores what a claim to the hash `output` states, in place of what it stated before. */
export async function replaceEdges(
  trx: Transaction,
  source: EdgeSource,
  output: string,
  edges: readonly NewEdge[],
): Promise<void> {
  const asset_id = "asset" in source ? source.asset : null;
  const remote_claim_id = "remoteClaim" in source ? source.remoteClaim : null;
  await trx
    .deleteFrom("lineage_edges")
    .where((eb) =>
      asset_id == null ? eb("remote_claim_id", "=", remote_claim_id) : eb("asset_id", "=", asset_id),
    )
    .execute();
  if (edges.length === 0) return;
  await trx
    .insertInto("lineage_edges")
    .values(edges.map((edge) => ({ ...edge, output, asset_id, remote_claim_id })))
    .execute();
}
