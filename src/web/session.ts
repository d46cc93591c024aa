import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { findSession, type IssuedToken, issueToken, type Session } from "../accounts/tokens.ts";
import type { UserRow } from "../db/schema.ts";
import { describeClient } from "./client-label.ts";
import type { Context, WebContext, WebEnv } from "./context.ts";
import { Problem } from "./problem.ts";

/**
 * Finds out who is asking: by a Bearer token, or by the cookie of a page. Without a token, what a foreign page sends
 * changes nothing, and a cookie counts for a change only where the browser says that one of our pages sent it (CSRF).
 */
export const readSession = createMiddleware<WebEnv>(async (c, next) => {
  const web = c.get("web");
  const bearer = c.req.header("authorization") == null ? undefined : (readBearer(c) ?? "");
  const cookie = getCookie(c, cookieName(web));
  const source = isSafe(c) || bearer != null ? "own" : findSource(c);
  if (source === "foreign" || (source === "unknown" && cookie != null)) {
    throw new Problem(403, "This was not sent from a page of this server.");
  }
  const token = bearer ?? cookie;
  const session = token == null ? undefined : await findSession(web, token);
  c.set("session", session);
  await next();
  // What answers a change may carry a token.
  if (session != null || !isSafe(c)) c.header("Cache-Control", "private, no-store");
});

/** The session of whoever is signed in; a problem where nobody is. */
export function requireSession(c: Context): Session {
  const session = c.get("session");
  if (session != null) return session;
  throw new Problem(401, "Sign in, or send a token: Authorization: Bearer <token>.", {
    headers: { "WWW-Authenticate": "Bearer" },
  });
}

/** Makes a token for a user; it remembers from where it was asked for. */
export function issueSession(c: Context, user: UserRow): Promise<IssuedToken> {
  return issueToken(c.get("web"), user, describeClient(c.req.header("user-agent")));
}

/** Signs a browser in. */
export async function startSession(c: Context, user: UserRow): Promise<void> {
  const { token, expires } = await issueSession(c, user);
  setCookie(c, cookieName(c.get("web")), token, { ...cookieOptions(c), expires });
}

/** Signs a browser out. */
export function deleteSessionCookie(c: Context): void {
  deleteCookie(c, cookieName(c.get("web")), cookieOptions(c));
}

/** The token that a request brings in its header (RFC 6750, 2.1). */
export function readBearer(c: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** Browsers take the prefix `__Host-` over https only. */
function cookieName({ origin }: WebContext): string {
  return origin.startsWith("https:") ? "__Host-sid" : "sid";
}

function cookieOptions(c: Context) {
  const secure = c.get("web").origin.startsWith("https:");
  return { path: "/", httpOnly: true, secure, sameSite: "Lax" } as const;
}

function isSafe(c: Context): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

/** Where a request came from, as the browser says. Programs say nothing. */
function findSource(c: Context): "own" | "foreign" | "unknown" {
  const origin = c.req.header("origin");
  const site = c.req.header("sec-fetch-site");
  // No page can set this header, and no policy changes it, while a referrer policy can make the origin "null".
  if (site != null) return site === "same-origin" ? "own" : "foreign";
  if (origin != null) return URL.parse(origin)?.host === c.req.header("host") ? "own" : "foreign";
  return "unknown";
}
