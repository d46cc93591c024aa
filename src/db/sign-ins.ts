import { sql } from "kysely";
import type { Database, Transaction, UserRow } from "./schema.ts";

export interface NewSignIn {
  readonly provider: string;
  readonly subject: string;
  readonly label: string;
}

export interface SignInItem {
  readonly id: number;
  readonly provider: string;
  readonly label: string;
  readonly created: Date;
  readonly used: Date | null;
}

/** The name of the constraint by which an account elsewhere belongs to one user. */
export const subjectKey = "sign_ins_subject_key";

export async function insertSignIn(db: Database, userId: number, signIn: NewSignIn): Promise<void> {
  const { provider, subject, label } = signIn;
  await db
    .insertInto("sign_ins")
    .values({ provider, subject, label, user_id: userId, used: sql<Date>`now()` })
    .execute();
}

/** The user to whom an account elsewhere belongs. */
export function findSignInUser(
  db: Database,
  { provider, subject }: Pick<NewSignIn, "provider" | "subject">,
): Promise<UserRow | undefined> {
  return db
    .selectFrom("sign_ins")
    .innerJoin("users", "users.id", "sign_ins.user_id")
    .selectAll("users")
    .where("provider", "=", provider)
    .where("subject", "=", subject)
    .executeTakeFirst();
}

/** Notes that it was used, and what the provider calls it now. */
export async function markSignInUsed(db: Database, { provider, subject, label }: NewSignIn): Promise<void> {
  await db
    .updateTable("sign_ins")
    .set({ used: sql<Date>`now()`, label })
    .where("provider", "=", provider)
    .where("subject", "=", subject)
    .execute();
}

/** In the order in which they were linked. */
export function listSignIns(db: Database, userId: number): Promise<SignInItem[]> {
  return db
    .selectFrom("sign_ins")
    .select(["id", "provider", "label", "created", "used"])
    .where("user_id", "=", userId)
    .orderBy("id")
    .execute();
}

export async function deleteSignIn(trx: Transaction, userId: number, id: number): Promise<void> {
  await trx.deleteFrom("sign_ins").where("user_id", "=", userId).where("id", "=", id).execute();
}
