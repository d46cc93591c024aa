import { createGate } from "../core/gate.ts";
import { hashPassword, verifyPassword } from "./password.ts";

/**
 * Passwords are hashed and checked two at a time: each takes 19 MiB and a processor for a while, and whoever sends many
 * must not take all of both. Throws `GateFull` where too many wait already.
 */
export interface Passwords {
  /** The PHC string of a password. */
  hash(password: string): Promise<string>;
  /** Whether the password is the one that was hashed. Takes the same time where there is no hash. */
  verify(stored: string | null | undefined, password: string): Promise<boolean>;
}

/** How many wait for their turn: about half a second for who signs in; new passwords are rarer, and wait longer. */
const line = { verify: 20, hash: 100 };

/** What hashes and checks passwords, once for a process. */
export function createPasswords(): Passwords {
  const gate = createGate(2);
  return {
    hash: (password) => gate.run(line.hash, () => hashPassword(password)),
    verify: (stored, password) => gate.run(line.verify, () => verifyPassword(stored, password)),
  };
}
