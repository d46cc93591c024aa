import { findAssetByIndex } from "../db/assets.ts";
import { inTransaction } from "../db/connection.ts";
import { insertInteraction } from "../db/interactions.ts";
import { insertReceived } from "../db/received.ts";
import { ensureRemoteActor } from "../db/remote-actors.ts";
import type { Database, NewRemoteActor, RemoteActorRow } from "../db/schema.ts";
import type { Received } from "./follow.ts";

/** A remote actor likes or shares the post of the claim at an index: one like and one share an actor and post. */
export function receiveInteraction(
  db: Database,
  received: Received,
  { kind, index, published }: { kind: "like" | "share"; index: number; published: Date },
  actor: RemoteActorRow | NewRemoteActor,
): Promise<void> {
  return inTransaction(db, async (trx) => {
    if (!(await insertReceived(trx, received))) return;
    const asset = await findAssetByIndex(trx, index);
    if (asset == null || asset.post === "none") return;
    const actorId = await ensureRemoteActor(trx, actor);
    await insertInteraction(trx, { kind, iri: received.id, actorId, assetId: asset.id, published });
  });
}
