import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { findTokenUser, insertToken, revokeToken } from "../db/tokens.ts";
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
  readonly expires: Date;
}

const lifetime = 30 * 24 * 60 * 60 * 1000;

/** A login token: a JWT (HS256) for this server alone. Only its id is stored. */
export async function issueToken(context: TokenContext, user: UserRow): Promise<IssuedToken> {
  const id = randomUUID();
  const expires = new Date(Math.floor((Date.now() + lifetime) / 1000) * 1000);
  await insertToken(context.db, { id, userId: user.id, expires });
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
  const user = await findTokenUser(context.db, payload.jti);
  if (user == null || String(user.id) !== payload.sub) return undefined;
  return { user, tokenId: payload.jti, expires: new Date(payload.exp * 1000) };
}

/** Ends a session at once, on every process. */
export function endSession(context: TokenContext, session: Session): Promise<void> {
  return revokeToken(context.db, session.tokenId);
}

async function verify(
  context: TokenContext,
  token: string,
): Promise<{ jti: string; sub: string; exp: number } | undefined> {
  try {
    const { payload } = await jwtVerify(token, context.jwtSecret, {
      algorithms: ["HS256"],
      typ: "JWT",
      issuer: context.origin,
      audience: context.origin,
      requiredClaims: ["exp", "iat", "jti", "sub"],
    });
    const { jti, sub, exp } = payload;
    if (
      jti == null ||
      sub == null ||
      exp == null ||
      !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(jti)
    )
      return undefined;
    return { jti, sub, exp };
  } catch {
    return undefined;
  }
}
