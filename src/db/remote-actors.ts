import { sql } from "kysely";
import type { Database, NewRemoteActor, RemoteActorRow, Transaction } from "./schema.ts";

/** Stores what an actor's own document says now. */
export function upsertRemoteActor(db: Database, actor: NewRemoteActor): Promise<RemoteActorRow> {
  return db
    .insertInto("remote_actors")
    .values(actor)
    .onConflict((conflict) =>
      conflict.column("iri").doUpdateSet({ ...actor, gone: null, fetched: sql`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findRemoteActor(db: Database, iri: string): Promise<RemoteActorRow | undefined> {
  return db.selectFrom("remote_actors").selectAll().where("iri", "=", iri).executeTakeFirst();
}

/** The id of an actor that is known, or that was just fetched and is stored by this. */
export async function ensureRemoteActor(
  trx: Transaction,
  actor: RemoteActorRow | NewRemoteActor,
): Promise<number> {
  return actor.id ?? (await upsertRemoteActor(trx, actor)).id;
}

/**
 * Forgets an actor that is no more: its relations, its posts, what it made of ours, and its name. The row itself stays
 * for the claims that are kept of it.
 */
export async function eraseRemoteActor(trx: Transaction, actorId: number): Promise<void> {
  for (const table of ["followers", "following", "remote_posts", "interactions"] as const) {
    await trx.deleteFrom(table).where("actor_id", "=", actorId).execute();
  }
  await trx
    .updateTable("remote_actors")
    .set({ name: null, url: null, gone: sql`now()` })
    .where("id", "=", actorId)
    .execute();
}
