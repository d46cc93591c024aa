import { createHash, randomBytes } from "node:crypto";
import { insertInvite } from "../db/invites.ts";
import type { Database } from "../db/schema.ts";

const lifetime = 7 * 24 * 60 * 60 * 1000;

/** Makes an invitation, good for one account within a week, and gives its code, which is kept nowhere. */
export async function createInvite(db: Database): Promise<string> {
  const code = randomBytes(18).toString("base64url");
  await insertInvite(db, { codeHash: hashInvite(code), expires: new Date(Date.now() + lifetime) });
  return code;
}

/** What of an invitation is stored. */
export function hashInvite(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}
