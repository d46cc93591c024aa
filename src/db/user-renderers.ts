import { sql } from "kysely";
import type { RendererScope } from "../core/scopes.ts";
import type { Database, Transaction } from "./schema.ts";

/** That a user lets a renderer log him in. */
export interface Attachment {
  /** The renderer's origin. */
  readonly l1Server: string;
  readonly scopes: readonly RendererScope[];
  readonly attached: Date;
  readonly firstVerified: Date | null;
  readonly lastVerified: Date | null;
}

export function listAttachments(db: Database, userId: number): Promise<Attachment[]> {
  return selectAttachments(db).where("user_id", "=", userId).orderBy("l1_server").execute();
}

export function findAttachment(
  db: Database,
  userId: number,
  l1Server: string,
): Promise<Attachment | undefined> {
  return selectAttachments(db)
    .where("user_id", "=", userId)
    .where("l1_server", "=", l1Server)
    .executeTakeFirst();
}

function selectAttachments(db: Database) {
  return db
    .selectFrom("user_renderers")
    .select(["l1_server as l1Server", "scopes", "attached"])
    .select(["first_verified as firstVerified", "last_verified as lastVerified"]);
}

/** Attaches a user to a renderer, or changes what that one may do from now on. */
export async function upsertAttachment(
  trx: Transaction,
  userId: number,
  attachment: { l1Server: string; scopes: readonly RendererScope[] },
): Promise<void> {
  const scopes = [...attachment.scopes];
  await trx
    .insertInto("user_renderers")
    .values({ user_id: userId, l1_server: attachment.l1Server, scopes })
    .onConflict((conflict) => conflict.columns(["user_id", "l1_server"]).doUpdateSet({ scopes }))
    .execute();
}

/** Keeps a user from being detached until the transaction ends. */
export async function lockAttachment(trx: Transaction, userId: number, l1Server: string): Promise<void> {
  await trx
    .selectFrom("user_renderers")
    .select("user_id")
    .where("user_id", "=", userId)
    .where("l1_server", "=", l1Server)
    .forUpdate()
    .execute();
}

/** Detaches a user from a renderer; the tokens for it go with the row. Gives whether he was attached. */
export async function deleteAttachment(db: Database, userId: number, l1Server: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom("user_renderers")
    .where("user_id", "=", userId)
    .where("l1_server", "=", l1Server)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function markVerified(trx: Transaction, userId: number, l1Server: string): Promise<void> {
  await trx
    .updateTable("user_renderers")
    .set({ first_verified: sql`coalesce(first_verified, now())`, last_verified: sql`now()` })
    .where("user_id", "=", userId)
    .where("l1_server", "=", l1Server)
    .execute();
}
