import { findOrigin } from "../core/origin.ts";
import { inTransaction } from "../db/connection.ts";
import { useRendererToken } from "../db/renderer-tokens.ts";
import { revokeToken } from "../db/tokens.ts";
import { lockAttachment, markVerified } from "../db/user-renderers.ts";
import {
  checkRendererToken,
  readRendererToken,
  type RendererSession,
  type RendererTokenContext,
} from "./renderer-tokens.ts";
import { endSession, findSession, type TokenContext } from "./tokens.ts";

type VerifyContext = TokenContext & RendererTokenContext;

/** What whoever asks about a token is told. */
export interface VerifiedToken {
  readonly username: string;
  /** For whom it is good: a renderer's origin, or that of this server. */
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly issued: Date;
  readonly expires: Date;
}

/**
 * Whom a token speaks for: one for a renderer, or a user's own. Notes that it was used, and uses up one that is good
 * for once. `undefined` where it is not good, for whatever reason, or where whoever asks says to be another renderer
 * than the one it was made for.
 */
export async function verifyToken(
  context: VerifyContext,
  token: string,
  l1Server?: string,
): Promise<VerifiedToken | undefined> {
  const asking = l1Server == null ? undefined : findOrigin(context.l1Servers, l1Server);
  if (l1Server != null && asking == null) return undefined;
  const found = await checkRendererToken(context, token);
  if (found != null) {
    if (asking != null && asking !== found.l1Server) return undefined;
    if (!(await use(context, found))) return undefined;
    const { user, l1Server: audience, scopes, issued, expires } = found;
    return { username: user.username, audience, scopes, issued, expires };
  }
  const session = await findSession(context, token);
  if (session == null) return undefined;
  const { user, issued, expires } = session;
  return { username: user.username, audience: context.origin, scopes: ["account"], issued, expires };
}

/** Ends a token at once, on every process (RFC 7009). One that is not good has nothing to end. */
export async function revokeGivenToken(context: VerifyContext, token: string): Promise<void> {
  const claims = await readRendererToken(context, token);
  if (claims != null) return await revokeToken(context.db, claims.tokenId);
  const session = await findSession(context, token);
  if (session != null) await endSession(context, session);
}

function use({ db }: VerifyContext, { tokenId, user, l1Server }: RendererSession): Promise<boolean> {
  return inTransaction(db, async (trx) => {
    // The attachment comes first, as it does for whoever detaches: the other way round the two could wait in a circle.
    await lockAttachment(trx, user.id, l1Server);
    if (!(await useRendererToken(trx, tokenId))) return false;
    await markVerified(trx, user.id, l1Server);
    return true;
  });
}
