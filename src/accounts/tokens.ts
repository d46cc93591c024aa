import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { findTokenUser, insertToken, revokeToken, touchToken } from "../db/tokens.ts";
import type { Database, UserRow } from "../db/schema.ts";

/** What tokens are made and checked with. */
export interface TokenContext {
  readonly db: Database;
  readonly origin: string;
  readonly jwtSecret: Uint8Array;
}

export interface IssuedToken {
  readonly token: string;
  readonly expires: Date;
}

/** Whom a token speaks for. */
export interface Session {
  readonly user: UserRow;
  readonly tokenId: string;
  readonly issued: Date;
  readonly expires: Date;
}

const lifetime = 30 * 24 * 60 * 60 * 1000;

/** How exactly it is known when a session was last used, in milliseconds: not every request is worth a write. */
const touchAfter = 5 * 60 * 1000;

/** A login token: a JWT (HS256) for this server alone. Only its id is stored, and by what its user knows it again. */
export async function issueToken(
  context: TokenContext,
  user: UserRow,
  label: string | null = null,
): Promise<IssuedToken> {
  const id = randomUUID();
  const expires = new Date(Math.floor((Date.now() + lifetime) / 1000) * 1000);
  await insertToken(context.db, { id, userId: user.id, expires, label });
  const token = await new SignJWT({ username: user.username })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer(context.origin)
    .setAudience(context.origin)
    .setSubject(String(user.id))
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(context.jwtSecret);
  return { token, expires };
}

/** The session of a token; `undefined` where it is forged, expired, revoked or not for this server. */
export async function findSession(context: TokenContext, token: string): Promise<Session | undefined> {
  const payload = await verify(context, token);
  if (payload == null) return undefined;
  const found = await findTokenUser(context.db, payload.jti);
  if (found == null || String(found.user.id) !== payload.sub) return undefined;
  if (found.used == null || Date.now() - found.used.getTime() > touchAfter)
    await touchToken(context.db, payload.jti);
  const { jti: tokenId, iat, exp } = payload;
  return { user: found.user, tokenId, issued: new Date(iat * 1000), expires: new Date(exp * 1000) };
}

/** Ends a session at once, on every process. */
export function endSession(context: TokenContext, session: Session): Promise<void> {
  return revokeToken(context.db, session.tokenId);
}

async function verify(
  context: TokenContext,
  token: string,
): Promise<{ jti: string; sub: string; iat: number; exp: number } | undefined> {
  try {
    const { payload } = await jwtVerify(token, context.jwtSecret, {
      algorithms: ["HS256"],
      typ: "JWT",
      issuer: context.origin,
      audience: context.origin,
      requiredClaims: ["exp", "iat", "jti", "sub"],
    });
    const { jti, sub, iat, exp } = payload;
    if (!isTokenId(jti) || sub == null || iat == null || exp == null) return undefined;
    return { jti, sub, iat, exp };
  } catch {
    return undefined;
  }
}

/** Whether a `jti` is a UUID, as all of ours are. */
export function isTokenId(jti: string | undefined): jti is string {
  return jti != null && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jti);
}
