import { sql } from "kysely";
import type { Database } from "./schema.ts";

/* What a user takes along, in pages: oldest first, after the id `after`, so many at most. */

export interface Page {
  readonly after: number;
  readonly limit: number;
}

export interface SignedDocument {
  readonly claimIndex: number;
  readonly kind: "claim" | "update" | "post";
  /** The exact bytes, as text. */
  readonly document: string;
}

/** All that was signed of the claims at those indexes, each in its order: of the log, and of the posts. */
export async function listSignedDocuments(
  db: Database,
  claimIndexes: readonly number[],
): Promise<SignedDocument[]> {
  const { rows } = await sql<SignedDocument>`
    select coalesce(claim_index, index) as "claimIndex", document, index as place,
      case when claim_index is null then 'claim' else 'update' end as kind
    from activities
    where (index = any (${claimIndexes}::bigint[]) or claim_index = any (${claimIndexes}::bigint[]))
      and document is not null
    union all
    select note_index, document, activity_index, 'post' from publications
    where note_index = any (${claimIndexes}::bigint[]) and document is not null
    order by place`.execute(db);
  return rows.map(({ claimIndex, kind, document }) => ({ claimIndex, kind, document }));
}

export interface ExportedShare {
  readonly id: number;
  readonly object: string;
  readonly created: Date;
  readonly document: string | null;
}

export function listShares(db: Database, userId: number, page: Page): Promise<ExportedShare[]> {
  return db
    .selectFrom("shares")
    .innerJoin("activities", "activities.index", "shares.activity_index")
    .select(["shares.id", "shares.object_iri as object", "shares.created", "activities.document"])
    .where("shares.user_id", "=", userId)
    .where("shares.id", ">", page.after)
    .orderBy("shares.id")
    .limit(page.limit)
    .execute();
}

export interface ExportedReaction {
  readonly id: number;
  readonly iri: string;
  readonly object: string;
  readonly created: Date;
  readonly content: string | null;
  readonly document: string | null;
}

/** Likes that stand, or replies. */
export function listReactions(
  db: Database,
  userId: number,
  { kind, after, limit }: Page & { readonly kind: "like" | "reply" },
): Promise<ExportedReaction[]> {
  return db
    .selectFrom("reactions")
    .select(["id", "iri", "object_iri as object", "created", "content", "document"])
    .where("user_id", "=", userId)
    .where("kind", "=", kind)
    .where("undone", "is", null)
    .where("id", ">", after)
    .orderBy("id")
    .limit(limit)
    .execute();
}

export interface ExportedRelation {
  readonly id: number;
  readonly iri: string;
  readonly username: string | null;
  readonly host: string;
  readonly created: Date;
}

export function listFollowersOf(db: Database, userId: number, page: Page): Promise<ExportedRelation[]> {
  return db
    .selectFrom("followers")
    .innerJoin("remote_actors", "remote_actors.id", "followers.actor_id")
    .select(["followers.id", "iri", "username", "host", "followers.created"])
    .where("followers.user_id", "=", userId)
    .where("followers.id", ">", page.after)
    .orderBy("followers.id")
    .limit(page.limit)
    .execute();
}

/** Also those who have not accepted it yet. */
export function listFollowedBy(
  db: Database,
  userId: number,
  page: Page,
): Promise<(ExportedRelation & { readonly accepted: Date | null })[]> {
  return db
    .selectFrom("following")
    .innerJoin("remote_actors", "remote_actors.id", "following.actor_id")
    .select(["following.id", "iri", "username", "host", "following.created", "accepted"])
    .where("following.user_id", "=", userId)
    .where("following.id", ">", page.after)
    .orderBy("following.id")
    .limit(page.limit)
    .execute();
}
