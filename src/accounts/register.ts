import { inTransaction, isUniqueViolation } from "../db/connection.ts";
import { isInviteGood, lockInvite, markInviteUsed } from "../db/invites.ts";
import type { Database, Transaction, UserRow } from "../db/schema.ts";
import { insertSignIn, subjectKey } from "../db/sign-ins.ts";
import { findUser, insertUser } from "../db/users.ts";
import { hashInvite } from "./invites.ts";
import type { KeyRing } from "./key-ring.ts";
import type { Passwords } from "./passwords.ts";
import type { Identity } from "./providers.ts";

export interface RegisterContext {
  readonly db: Database;
  readonly keys: KeyRing;
  readonly passwords: Pick<Passwords, "hash">;
}

/** Checked already: the username is folded and allowed, the password has 8 to 1,024 bytes. */
export interface NewAccount {
  readonly username: string;
  /** `null`: the user signs in elsewhere. */
  readonly password: string | null;
  /** The account elsewhere by which the user signs in. */
  readonly identity?: Identity | undefined;
  readonly email?: string | undefined;
  readonly admin?: boolean;
}

/** What the way by which somebody registers allows. */
export interface RegisterTerms {
  /** Whether a name whose keys the Python server has left may be taken: by the administrator only. */
  readonly mayInherit?: boolean;
  /** The code of an invitation, where one is needed. */
  readonly invite?: string;
}

export type RegisterResult =
  | { readonly type: "registered"; readonly user: UserRow }
  | { readonly type: "username_taken" }
  /** The name has a key of the Python server: whoever registered it would speak as its owner. */
  | { readonly type: "username_inherited" }
  /** The invitation is unknown, used or expired. */
  | { readonly type: "invite_invalid" }
  /** The account elsewhere belongs to another user. */
  | { readonly type: "identity_taken" };

/** Makes an account with its keys. The keys come first, so that no user is ever without one. */
export async function registerUser(
  context: RegisterContext,
  account: NewAccount,
  terms: RegisterTerms = {},
): Promise<RegisterResult> {
  const { db, keys, passwords } = context;
  if ((await findUser(db, account.username)) != null) return { type: "username_taken" };
  if (terms.mayInherit !== true && (await keys.isInherited(account.username)))
    return { type: "username_inherited" };
  const passwordHash = account.password == null ? null : await passwords.hash(account.password);
  const invite = terms.invite == null ? undefined : hashInvite(terms.invite);
  if (invite != null && !(await isInviteGood(db, invite))) return { type: "invite_invalid" };
  // Making keys takes time, which no transaction should wait for.
  await keys.ensure(account.username);
  try {
    return await inTransaction(db, (trx) => insert(trx, account, { passwordHash, invite }));
  } catch (error) {
    if (isUniqueViolation(error, subjectKey)) return { type: "identity_taken" };
    throw error;
  }
}

async function insert(
  trx: Transaction,
  account: NewAccount,
  { passwordHash, invite }: { passwordHash: string | null; invite: string | undefined },
): Promise<RegisterResult> {
  if (invite != null && !(await lockInvite(trx, invite))) return { type: "invite_invalid" };
  const user = await insertUser(trx, {
    username: account.username,
    passwordHash,
    email: account.email ?? null,
    admin: account.admin ?? false,
  });
  if (user == null) return { type: "username_taken" };
  if (account.identity != null) await insertSignIn(trx, user.id, account.identity);
  if (invite != null) await markInviteUsed(trx, invite);
  return { type: "registered", user };
}
