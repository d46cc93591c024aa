import { hash, verify } from "@node-rs/argon2";

/** argon2id (the library's default variant) with the parameters that OWASP recommends. About 50 ms, off the main thread. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hash of no password anybody has, so that an unknown user costs as much time as a wrong password. */
const decoy =
  "$argon2id$v=19$m=19456,t=2,p=1$zc+tnwcUqSRsydH0Osdfbw$mQxoAacRJrSx1KBPnhvcfrzyqj7IYyd9LTItWlgOyHo";

/** Shortest and longest password, in bytes of UTF-8. */
export const passwordBytes = { min: 8, max: 1024 } as const;

/** The PHC string of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Whether the password is the one that was hashed. Takes the same time where there is no hash. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  const matches = await verify(stored ?? decoy, password);
  return stored != null && matches;
}
