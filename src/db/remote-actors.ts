import { sql } from "kysely";
import type { Database, NewRemoteActor, RemoteActorRow } from "./schema.ts";

/** Stores what an actor's own document says now. */
export function upsertRemoteActor(db: Database, actor: NewRemoteActor): Promise<RemoteActorRow> {
  return db
    .insertInto("remote_actors")
    .values(actor)
    .onConflict((conflict) => conflict.column("iri").doUpdateSet({ ...actor, fetched: sql`now()` }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

export function findRemoteActor(db: Database, iri: string): Promise<RemoteActorRow | undefined> {
  return db.selectFrom("remote_actors").selectAll().where("iri", "=", iri).executeTakeFirst();
}
