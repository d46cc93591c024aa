import { chmod, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { createLocalJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "../../test/helpers/database.ts";
import { makeTemporaryDirectory } from "../../test/helpers/server.ts";
import { query } from "../../test/helpers/sql.ts";
import { createPaths } from "../core/paths.ts";
import { openDatabase } from "../db/connection.ts";
import type { Database, UserRow } from "../db/schema.ts";
import { deleteAttachment, findAttachment } from "../db/user-renderers.ts";
import { insertUser } from "../db/users.ts";
import {
  attachRenderer,
  findRendererToken,
  issueRendererToken,
  type RendererTokenContext,
} from "./renderer-tokens.ts";
import { loadTokenKey } from "./token-key.ts";
import { findSession, issueToken } from "./tokens.ts";

const l1Server = "https://l1.example";
const paths = createPaths("https://artdag.example");
let databaseUrl: string;
let directory: string;
let db: Database;
let context: RendererTokenContext;
let alice: UserRow;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  directory = await makeTemporaryDirectory();
  db = openDatabase(databaseUrl, { max: 5 });
  context = {
    db,
    paths,
    tokenKey: await loadTokenKey(directory),
    l1Servers: [l1Server, "https://l2.example"],
  };
  const user = await insertUser(db, { username: "alice", passwordHash: "x", email: null, admin: false });
  if (user == null) throw new Error("alice exists already");
  alice = user;
});
afterAll(() => db.destroy());

describe("a token for a renderer", () => {
  test("speaks for its user, to that renderer, with what it was given, for 30 days", async () => {
    const issued = await attachRenderer(context, alice, { l1Server, scopes: ["renderer", "record-run"] });
    expect(await findRendererToken(context, issued.token)).toMatchObject({
      user: { username: "alice" },
      l1Server,
      scopes: ["renderer", "record-run"],
      expires: issued.expires,
    });
    expect((issued.expires.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 2);
    const attachment = await findAttachment(db, alice.id, l1Server);
    expect(attachment).toMatchObject({ scopes: ["renderer", "record-run"], firstVerified: null });
  });

  test("can be checked by whoever has the public half, and says what the renderer needs to know", async () => {
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer"] });
    const keys = createLocalJWKSet({ keys: [{ ...context.tokenKey.jwk, kty: "EC" }] });
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: paths.origin,
      audience: l1Server,
    });
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "renderer+jwt", kid: context.tokenKey.kid });
    expect(payload).toMatchObject({
      sub: "https://artdag.example/users/alice",
      username: "alice",
      scope: "renderer",
    });
    expect(context.tokenKey.jwk).not.toHaveProperty("d");
  });

  test("may do no more than its user allows since", async () => {
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer", "record-run"] });
    await attachRenderer(context, alice, { l1Server, scopes: ["renderer"] });
    expect(await findRendererToken(context, token)).toMatchObject({ scopes: ["renderer"] });
  });

  test("is not issued to a renderer that the user is not attached to", async () => {
    const grant = { l1Server: "https://l2.example", scopes: ["renderer"] } as const;
    await expect(issueRendererToken(context, alice, grant)).rejects.toThrow("tokens_renderer_fkey");
  });

  test("that is good for one verification is good for nothing else", async () => {
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer"], oneTime: true });
    expect(await findRendererToken(context, token)).toBeUndefined();
  });

  test("is good no more when its renderer is taken from the configuration", async () => {
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer"] });
    expect(await findRendererToken({ ...context, l1Servers: ["https://l2.example"] }, token)).toBeUndefined();
  });

  test("is no session, and a session is none", async () => {
    const sessions = { db, origin: paths.origin, jwtSecret: new Uint8Array(32).fill(7) };
    const session = await issueToken(sessions, alice);
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer"] });
    expect(await findSession(sessions, token)).toBeUndefined();
    expect(await findRendererToken(context, session.token)).toBeUndefined();
  });

  test("goes with the attachment, and nothing is left of it", async () => {
    const { token } = await attachRenderer(context, alice, { l1Server, scopes: ["renderer"] });
    await deleteAttachment(db, alice.id, l1Server);
    expect(await findRendererToken(context, token)).toBeUndefined();
    expect(await query(databaseUrl, "select 1 from tokens where kind = 'renderer'")).toEqual([]);
  });
});

describe("the key for tokens", () => {
  test("is the same at every start, and for its owner alone", async () => {
    expect((await loadTokenKey(directory)).kid).toBe(context.tokenKey.kid);
    const file = path.join(directory, "token_key.pem");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o644);
    await loadTokenKey(directory);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("is one when several processes start at once", async () => {
    const fresh = await makeTemporaryDirectory();
    const keys = await Promise.all([1, 2, 3].map(() => loadTokenKey(fresh)));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
  });

  test("that can't be read is said to be so, and not replaced or repeated", async () => {
    const broken = await makeTemporaryDirectory();
    await writeFile(path.join(broken, "token_key.pem"), "hunter2");
    const message = await loadTokenKey(broken).then(String, String);
    expect(message).toMatch(/token_key\.pem holds no private key for ES256/);
    expect(message).not.toContain("hunter2");
  });
});
