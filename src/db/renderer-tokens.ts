import { sql } from "kysely";
import type { RendererScope } from "../core/scopes.ts";
import type { Database, Transaction, UserRow } from "./schema.ts";

export interface NewRendererToken {
  readonly id: string;
  readonly userId: number;
  readonly l1Server: string;
  readonly scopes: readonly RendererScope[];
  readonly oneTime: boolean;
  readonly expires: Date;
}

/** Throws where the user is not attached to that renderer. */
export async function insertRendererToken(db: Database, token: NewRendererToken): Promise<void> {
  await db
    .insertInto("tokens")
    .values({
      id: token.id,
      user_id: token.userId,
      kind: "renderer",
      audience: token.l1Server,
      scopes: [...token.scopes],
      single_use: token.oneTime,
      expires: token.expires,
    })
    .execute();
}

export interface StoredRendererToken {
  readonly user: UserRow;
  readonly l1Server: string;
  /** What the token was made for, as far as the user still allows it. */
  readonly scopes: readonly RendererScope[];
  readonly oneTime: boolean;
}

/** A token that is good at this moment: neither expired nor revoked nor used up, of a user who is not suspended. */
export async function findStoredRendererToken(
  db: Database,
  id: string,
): Promise<StoredRendererToken | undefined> {
  const row = await db
    .selectFrom("tokens")
    .innerJoin("users", "users.id", "tokens.user_id")
    .innerJoin("user_renderers", (join) =>
      join
        .onRef("user_renderers.user_id", "=", "tokens.user_id")
        .onRef("user_renderers.l1_server", "=", "tokens.audience"),
    )
    .selectAll("users")
    .select(["tokens.scopes", "tokens.single_use", "user_renderers.l1_server"])
    .select("user_renderers.scopes as allowed")
    .where("tokens.id", "=", id)
    .where("tokens.kind", "=", "renderer")
    .where("tokens.revoked", "is", null)
    .where("tokens.expires", ">", sql<Date>`now()`)
    .where((eb) => eb.or([eb("tokens.used", "is", null), eb.not("tokens.single_use")]))
    .where("users.suspended", "is", null)
    .executeTakeFirst();
  if (row == null) return undefined;
  const { l1_server: l1Server, single_use: oneTime, scopes, allowed, ...user } = row;
  return { user, l1Server, scopes: scopes.filter((scope) => allowed.includes(scope)), oneTime };
}

/** Notes that a token is used; `false` where it was revoked or used up meanwhile, also by somebody at the same moment. */
export async function useRendererToken(trx: Transaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable("tokens")
    .set({ used: sql`now()` })
    .where("id", "=", id)
    .where("revoked", "is", null)
    .where((eb) => eb.or([eb("used", "is", null), eb.not("single_use")]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}
