import { createHmac, randomUUID } from "node:crypto";
import { base64url, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { openDatabase } from "../db/connection.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { insertUser } from "../db/users.ts";
import { endSession, findSession, issueToken, type TokenContext } from "./tokens.ts";

const origin = "https://artdag.example";
const secret = new TextEncoder().encode("s".repeat(32));

let db: Database;
let context: TokenContext;
let alice: UserRow;
let bob: UserRow;
let token: string;
let id: string;

beforeAll(async () => {
  db = openDatabase(await createTestDatabase(), { max: 5 });
  context = { db, origin, jwtSecret: secret };
  alice = await makeUser("alice");
  bob = await makeUser("bob");
  ({ token } = await issueToken(context, alice));
  id = (await findSession(context, token))?.tokenId ?? "";
});
afterAll(() => db.destroy());

async function makeUser(username: string): Promise<UserRow> {
  const user = await insertUser(db, { username, passwordHash: "none", email: null, admin: false });
  if (user == null) throw new Error(`${username} exists already`);
  return user;
}

/** A token that would be good but for what is changed. */
function forge(
  claims: { [K in keyof JWTPayload]: JWTPayload[K] | undefined },
  header: Record<string, unknown> = {},
  key: Uint8Array = secret,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const good = { iss: origin, aud: origin, sub: String(alice.id), jti: id, iat: now, exp: now + 600 };
  const payload = Object.fromEntries(
    Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(payload).setProtectedHeader({ alg: "HS256", typ: "JWT", ...header }).sign(key);
}

const later = () => Math.floor(Date.now() / 1000) + 600;

/** A token with any header and signature at all. */
function compose(header: object, signature = (data: string) => hmac("sha256", data)): string {
  const claims = {
    iss: origin,
    aud: origin,
    sub: String(alice.id),
    jti: id,
    iat: later() - 1200,
    exp: later(),
  };
  const data = [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join(".");
  return `${data}.${signature(data)}`;
}

function hmac(algorithm: string, data: string): string {
  return createHmac(algorithm, secret).update(data).digest("base64url");
}

describe("a token", () => {
  test("speaks for the user it was issued to, for 30 days", async () => {
    const issued = await issueToken(context, alice);
    const session = await findSession(context, issued.token);
    expect(session?.user.username).toBe("alice");
    expect(session?.expires).toEqual(issued.expires);
    expect((issued.expires.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 2);
  });

  test("is not stored: only its id is", async () => {
    const { rows } = await sql<{ row: string }>`select row_to_json(tokens)::text as row from tokens`.execute(
      db,
    );
    const stored = rows.map(({ row }) => row).join();
    expect(stored).toContain(id);
    expect(stored).not.toContain(token.split(".")[2]);
  });

  test("that was made by hand in the same way is good, so that what follows fails for one reason", async () => {
    expect(await findSession(context, await forge({}))).toMatchObject({ tokenId: id });
    expect(await findSession(context, compose({ alg: "HS256", typ: "JWT" }))).toMatchObject({ tokenId: id });
  });
});

describe("T34 no session comes of a token", () => {
  test.each<[string, () => string | Promise<string>]>([
    ["that is none", () => "token"],
    ["that is empty", () => ""],
    ["that is very long", () => "a.".repeat(100_000)],
    ["cut short", () => token.slice(0, -1)],
    ["with another payload", () => token.replace(/\.[^.]+\./, `.${base64url.encode("{}")}.`)],
    ["without a signature, alg none", () => new UnsecuredJWT({ jti: id, sub: String(alice.id) }).encode()],
    ["with alg none and our signature", () => compose({ alg: "none", typ: "JWT" })],
    ["with alg None and no signature", () => compose({ alg: "None", typ: "JWT" }, () => "")],
    ["signed by HS384", () => forge({}, { alg: "HS384" }, new Uint8Array(48).fill(115))],
    [
      "signed by HS384 with our secret",
      () => compose({ alg: "HS384", typ: "JWT" }, (d) => hmac("sha384", d)),
    ],
    ["signed by HS512", () => compose({ alg: "HS512", typ: "JWT" }, (d) => hmac("sha512", d))],
    ["that says RS256 over an HMAC", () => compose({ alg: "RS256", typ: "JWT" })],
    ["signed with another secret", () => forge({}, {}, new TextEncoder().encode("t".repeat(32)))],
    [
      "that brings its own key",
      () =>
        forge(
          {},
          { jwk: { kty: "oct", k: base64url.encode("t".repeat(32)) } },
          new TextEncoder().encode("t".repeat(32)),
        ),
    ],
    [
      "that names a key elsewhere",
      () => forge({}, { jku: "https://evil.test/jwks", kid: "../../dev/null" }, new Uint8Array(32)),
    ],
    [
      "with a critical header that nobody knows",
      () => compose({ alg: "HS256", typ: "JWT", crit: ["b64"], b64: false }),
    ],
    ["without a type", () => compose({ alg: "HS256" })],
    ["of another type", () => forge({}, { typ: "renderer+jwt" })],
    ["for another audience", () => forge({ aud: "https://l1.example" })],
    ["for no audience", () => forge({ aud: undefined })],
    ["for an audience that begins like ours", () => forge({ aud: `${origin}.evil.test` })],
    ["of another issuer", () => forge({ iss: "https://l1.example" })],
    ["of no issuer", () => forge({ iss: undefined })],
    ["that never expires", () => forge({ exp: undefined })],
    ["that expired a second ago", () => forge({ exp: Math.floor(Date.now() / 1000) - 1 })],
    ["that is not yet good", () => forge({ nbf: later() })],
    ["without the time of its issue", () => forge({ iat: undefined })],
    ["without an id", () => forge({ jti: undefined })],
    ["with an id that was never issued", () => forge({ jti: randomUUID() })],
    ["with an id that is none", () => forge({ jti: "-".repeat(36) })],
    ["with an id that is SQL", () => forge({ jti: "' or true --" })],
    ["without a subject", () => forge({ sub: undefined })],
    ["of another subject than its id's", () => forge({ sub: String(bob.id) })],
  ])("%s", async (_what, make) => {
    expect(await findSession(context, await make())).toBeUndefined();
  });

  test("of another server with the same secret, or for it", async () => {
    const other = { ...context, origin: "https://other.example" };
    expect(await findSession(other, token)).toBeUndefined();
    expect(await findSession(context, (await issueToken(other, alice)).token)).toBeUndefined();
  });

  test("that was revoked, though others of the user stay good", async () => {
    const [first, second] = [await issueToken(context, alice), await issueToken(context, alice)];
    const session = await findSession(context, first.token);
    if (session == null) throw new Error("the token was not good to begin with");
    await endSession(context, session);
    expect(await findSession(context, first.token)).toBeUndefined();
    expect(await findSession(context, second.token)).toBeDefined();
    await endSession(context, session);
  });

  test("whose row has expired, whatever the token says", async () => {
    const issued = await issueToken(context, alice);
    const session = await findSession(context, issued.token);
    await db
      .updateTable("tokens")
      .set({ expires: new Date(Date.now() - 1000) })
      .where("id", "=", session?.tokenId ?? "")
      .execute();
    expect(await findSession(context, issued.token)).toBeUndefined();
  });

  test("whose user is gone", async () => {
    const carol = await makeUser("carol");
    const issued = await issueToken(context, carol);
    await db.deleteFrom("users").where("id", "=", carol.id).execute();
    expect(await findSession(context, issued.token)).toBeUndefined();
  });
});
