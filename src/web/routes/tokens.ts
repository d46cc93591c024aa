import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { revokeGivenToken, type VerifiedToken, verifyToken } from "../../accounts/verify-token.ts";
import { findAddress } from "../client.ts";
import type { Context, WebEnv } from "../context.ts";
import { readOptionalInput } from "../input.ts";
import { Problem } from "../problem.ts";
import { readBearer } from "../session.ts";

const verifyInput = z.object({ token: z.string().nullish(), l1_server: z.string().nullish() });
const revokeInput = z.object({ token: z.string().nullish() });

/** So many turns has an address. */
const takeTurn = createMiddleware<WebEnv>(async (c, next) => {
  const wait = await c.get("web").verifyLimit.take(findAddress(c));
  if (wait != null) {
    const headers = { "Retry-After": String(wait) };
    throw new Problem(429, `Too many tokens were asked about. Try again in ${wait} seconds.`, { headers });
  }
  await next();
  c.header("Cache-Control", "no-store");
});

/** What servers ask that were handed a token. No cookie is read, so that no page can ask in a visitor's name. */
export const tokenRoutes = new Hono<WebEnv>()
  .use("/auth/verify", takeTurn)
  .use("/auth/revoke", takeTurn)
  .get("/auth/verify", (c) => verify(c, { l1_server: c.req.query("l1_server") }))
  .post("/auth/verify", async (c) => verify(c, await readOptionalInput(c, verifyInput)))
  .post("/auth/revoke", async (c) => {
    const { token } = await readOptionalInput(c, revokeInput);
    const given = token ?? readBearer(c);
    if (!given) throw new Problem(400, "Send the token that is to end: token=<token>, as a form or as JSON.");
    await revokeGivenToken(c.get("web"), given);
    return c.json({});
  })
  .get("/.well-known/jwks.json", (c) =>
    c.json({ keys: [c.get("web").tokenKey.jwk] }, 200, { "Cache-Control": "public, max-age=3600" }),
  );

/** Answers in the words of RFC 7662, and simpler ones. What is not good has one answer, whatever is wrong with it. */
async function verify(c: Context, { token, l1_server }: z.output<typeof verifyInput>): Promise<Response> {
  const web = c.get("web");
  const bearer = readBearer(c);
  const given = token ?? bearer;
  // Two that differ would leave open which of them the answer is about.
  const clear = given != null && (bearer == null || bearer === given);
  const verified = clear ? await verifyToken(web, given, l1_server ?? undefined) : undefined;
  if (verified == null) return c.json({ valid: false, active: false }, 401, { "WWW-Authenticate": "Bearer" });
  return c.json(toJson(c, verified));
}

function toJson(c: Context, { username, audience, scopes, issued, expires }: VerifiedToken) {
  const { origin, paths } = c.get("web");
  return {
    valid: true,
    active: true,
    username,
    sub: paths.actor(username),
    iss: origin,
    aud: audience,
    scope: scopes.join(" "),
    exp: expires.getTime() / 1000,
    iat: issued.getTime() / 1000,
  };
}
