import { createHash } from "node:crypto";
import { type AttemptCount, countAttempt, forgetAttempts } from "../db/attempts.ts";
import type { Database } from "../db/schema.ts";

/** How often something may be tried. All processes count together. */
export interface AttemptLimits {
  /** Sign-ins from an address in five minutes. */
  readonly loginsPerAddress: number;
  /** Sign-ins to an account in fifteen minutes, from wherever, whether it exists or not. */
  readonly loginsPerAccount: number;
  /** Registrations from an address in an hour. */
  readonly accountsPerAddress: number;
}

/**
 * Counts a sign-in, right or wrong. Where there were too many: in how many seconds there may be more.
 *
 * @param account Its name as it was typed, folded; without it, only the address counts.
 */
export async function countLogin(
  db: Database,
  limits: AttemptLimits,
  { address, account }: { readonly address: string; readonly account?: string },
): Promise<number | undefined> {
  const here = await count(db, `login from ${address}`, 5 * 60);
  // An address that is refused locks nobody else out of his account.
  if (here.count > limits.loginsPerAddress) return here.left;
  if (account == null) return undefined;
  const there = await count(db, `login to ${account}`, 15 * 60);
  return there.count > limits.loginsPerAccount ? there.left : undefined;
}

/** Counts a registration, done or not. Where there were too many: in how many seconds there may be more. */
export async function countRegistration(
  db: Database,
  limits: AttemptLimits,
  address: string,
): Promise<number | undefined> {
  const { count: tried, left } = await count(db, `register from ${address}`, 60 * 60);
  return tried > limits.accountsPerAddress ? left : undefined;
}

/** By its hash: people type passwords where a name belongs, and addresses are nobody's business. */
async function count(db: Database, key: string, seconds: number): Promise<AttemptCount> {
  const counted = await countAttempt(db, createHash("sha256").update(key).digest(), seconds);
  if (counted.count === 1) await forgetAttempts(db);
  return counted;
}
