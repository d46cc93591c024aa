import { Hono } from "hono";
import type { JsonObject } from "../../claims/json.ts";
import { decodeMultikey } from "../../claims/multikey.ts";
import { verifyProof } from "../../claims/proof.ts";
import { formatHandle } from "../../core/handle.ts";
import { isStorableText } from "../../core/text.ts";
import { findClaimCopy, type KeptClaim } from "../../db/kept-claims.ts";
import { frame, wantsPage } from "../answer.tsx";
import type { WebEnv } from "../context.ts";
import { Problem } from "../problem.ts";
import { ClaimCopyPage } from "../views/claim-copy.tsx";
import { Layout } from "../views/layout.tsx";

/** The claims of other servers, as they were verified and kept, for when their servers are gone. */
export const claimRoutes = new Hono<WebEnv>().get("/claims", async (c) => {
  const { db } = c.get("web");
  const id = c.req.query("id") ?? "";
  if (id === "" || id.length > 2048 || !isStorableText(id)) {
    throw new Problem(400, "Say which claim is wanted: ?id= takes its address.", {
      errors: [{ field: "id", message: "must be the address of a claim" }],
    });
  }
  const claim = await findClaimCopy(db, id);
  if (claim == null) throw new Problem(404, "No copy of that claim is kept here.");
  const copy = {
    claim: claim.iri,
    content_hash: claim.contentHash,
    creator: { handle: toHandle(claim), url: claim.actor },
    kept_at: claim.fetched.toISOString(),
    withdrawn: claim.withdrawn != null,
    public_key: claim.publicKey,
    proof_valid: await isProved(claim),
    document: claim.document,
  };
  if (!wantsPage(c)) return c.json(copy);
  return c.html(
    <Layout {...frame(c, "Copy of a claim")}>
      <ClaimCopyPage copy={copy} />
    </Layout>,
  );
});

/** Whether the proof is valid now, by the key that its author listed when it was kept; `null` where that was not kept. */
async function isProved({ publicKey, document }: KeptClaim): Promise<boolean | null> {
  if (publicKey == null) return null;
  return await verifyProof(JSON.parse(document) as JsonObject, await decodeMultikey(publicKey));
}

function toHandle({ username, host, actor }: KeptClaim): string {
  return username == null ? actor : formatHandle({ username, host });
}
