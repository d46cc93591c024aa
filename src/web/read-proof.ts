import { KeyFileError } from "../accounts/key-files.ts";
import type { JsonObject } from "../claims/json.ts";
import { verifyProof } from "../claims/proof.ts";
import type { WebContext } from "./context.ts";

/** What checking a proof has shown just now; `unknown` where there is nothing to check it with. */
export type ProofState = "valid" | "invalid" | "unknown";

/** Checks the proof of a stored document with the key of the user who signed it. */
export async function readProof(
  { keys }: Pick<WebContext, "keys">,
  { username, document }: { readonly username: string; readonly document: string | null },
): Promise<ProofState> {
  if (document == null) return "unknown";
  try {
    const { publicKey } = (await keys.get(username)).ed25519;
    return (await verifyProof(JSON.parse(document) as JsonObject, publicKey)) ? "valid" : "invalid";
  } catch (error) {
    if (error instanceof KeyFileError) return "unknown";
    throw error;
  }
}
