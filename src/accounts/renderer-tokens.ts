import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Paths } from "../core/paths.ts";
import type { RendererScope } from "../core/scopes.ts";
import { inTransaction } from "../db/connection.ts";
import {
  findStoredRendererToken,
  insertRendererToken,
  type StoredRendererToken,
} from "../db/renderer-tokens.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { upsertAttachment } from "../db/user-renderers.ts";
import { isTokenId, type IssuedToken } from "./tokens.ts";
import type { TokenKey } from "./token-key.ts";

/** What tokens for renderers are made and checked with. */
export interface RendererTokenContext {
  readonly db: Database;
  readonly paths: Pick<Paths, "origin" | "actor">;
  readonly tokenKey: TokenKey;
  /** Origins of the renderers there are. Tokens for others are good for nothing. */
  readonly l1Servers: readonly string[];
}

export interface RendererGrant {
  /** The renderer's origin. */
  readonly l1Server: string;
  readonly scopes: readonly RendererScope[];
  /** In milliseconds. */
  readonly lifetime?: number;
  /** Whether it is good for being verified once, and for nothing else. */
  readonly oneTime?: boolean;
}

/** Whom a token speaks for, and where. */
export interface RendererSession {
  readonly user: UserRow;
  /** The origin of the renderer that it was made for. */
  readonly l1Server: string;
  readonly scopes: readonly RendererScope[];
  readonly tokenId: string;
  readonly issued: Date;
  readonly expires: Date;
}

const month = 30 * 24 * 60 * 60 * 1000;

/** Explicit, so that no other JWT of ours is taken for one (RFC 8725, 3.11). */
const type = "renderer+jwt";

/** Attaches a user to a renderer, with what it may do from now on, and makes a token for it. */
export function attachRenderer(
  context: RendererTokenContext,
  user: UserRow,
  grant: RendererGrant,
): Promise<IssuedToken> {
  return inTransaction(context.db, async (trx) => {
    await upsertAttachment(trx, user.id, grant);
    return await issueRendererToken({ ...context, db: trx }, user, grant);
  });
}

/**
 * A token for a renderer to which the user is attached: a JWT (ES256) for that one alone. Only its id is stored, and
 * goes with the attachment. Throws where the user is not attached.
 */
export async function issueRendererToken(
  context: RendererTokenContext,
  user: UserRow,
  grant: RendererGrant,
): Promise<IssuedToken> {
  const { db, paths, tokenKey } = context;
  const { l1Server, scopes, oneTime = false } = grant;
  const id = randomUUID();
  const expires = new Date(Math.floor((Date.now() + (grant.lifetime ?? month)) / 1000) * 1000);
  await insertRendererToken(db, { id, userId: user.id, l1Server, scopes, oneTime, expires });
  const token = await new SignJWT({ username: user.username, scope: scopes.join(" ") })
    .setProtectedHeader({ alg: "ES256", typ: type, kid: tokenKey.kid })
    .setIssuer(paths.origin)
    .setAudience(l1Server)
    .setSubject(paths.actor(user.username))
    .setJti(id)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(tokenKey.privateKey);
  return { token, expires };
}

/**
 * Whom a renderer's token speaks for; `undefined` where it is forged, expired, revoked, for a renderer that there is
 * no more, or for being verified once.
 */
export async function findRendererToken(
  context: RendererTokenContext,
  token: string,
): Promise<RendererSession | undefined> {
  const found = await checkRendererToken(context, token);
  return found == null || found.oneTime ? undefined : found;
}

/** The same, also for a token that may be verified once and was not yet. */
export async function checkRendererToken(
  context: RendererTokenContext,
  token: string,
): Promise<(RendererSession & Pick<StoredRendererToken, "oneTime">) | undefined> {
  const claims = await readRendererToken(context, token);
  if (claims == null || !context.l1Servers.includes(claims.audience)) return undefined;
  const stored = await findStoredRendererToken(context.db, claims.tokenId);
  if (stored == null || stored.l1Server !== claims.audience) return undefined;
  if (context.paths.actor(stored.user.username) !== claims.subject) return undefined;
  const { tokenId, issued, expires } = claims;
  return { ...stored, tokenId, issued, expires };
}

/** What a token of ours says, whether or not it is still good; `undefined` where it is forged or has expired. */
export async function readRendererToken({ paths, tokenKey }: RendererTokenContext, token: string) {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, tokenKey.publicKey, {
      algorithms: ["ES256"],
      typ: type,
      issuer: paths.origin,
      requiredClaims: ["exp", "iat", "jti", "sub", "aud"],
    });
    const { jti, sub, aud, exp, iat } = payload;
    if (protectedHeader.kid !== tokenKey.kid || typeof aud !== "string" || !isTokenId(jti)) return undefined;
    if (sub == null || exp == null || iat == null) return undefined;
    return {
      tokenId: jti,
      subject: sub,
      audience: aud,
      issued: new Date(iat * 1000),
      expires: new Date(exp * 1000),
    };
  } catch {
    return undefined;
  }
}
