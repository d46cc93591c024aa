import { signRequest } from "@fedify/fedify";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createWorld,
  describePerson,
  type GuardedServer,
  type Person,
  type Remote,
  rsaPair,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually, startTestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const accept = "application/activity+json";
const specs = ["draft-cavage-http-signatures-12", "rfc9421"] as const;

const world = createWorld();
let server: GuardedServer;
let open: GuardedServer;
let good: Remote;
let bob: Person;
let mallory: Person;
let guarded: string[];

beforeAll(async () => {
  good = await world.open("good.test");
  bob = await settle(good, "bob", 0);
  mallory = await settle(await world.open("evil.test"), "mallory", 1);
  server = await startGuardedServer(world, { ARTDAG_AUTHORIZED_FETCH: "on" });
  open = await startGuardedServer(world);
  const hash = "a".repeat(64);
  for (const { register, json } of [server, open]) {
    const carol = await register("carol");
    const asset = { name: "sunrise", content_hash: hash, asset_type: "image" };
    await json("POST", "/assets", asset, carol);
  }
  guarded = [
    "/users/carol/outbox",
    "/users/carol/followers",
    "/users/carol/following",
    "/users/carol/featured",
    `/objects/${hash}`,
    "/activities",
    "/activities/0",
    "/notes/0",
    "/notes/0/likes",
  ];
  await query(server.databaseUrl, "insert into blocks (kind, target) values ('domain', 'evil.test')");
});

interface SignOptions {
  readonly spec?: (typeof specs)[number];
  readonly alter?: (headers: Headers) => void;
}

/** Asks for a document by a GET that somebody has signed for `signedPath`. */
async function get(
  path: string,
  by: Pick<Person, "keyId" | "privateKey">,
  {
    spec = "draft-cavage-http-signatures-12",
    alter,
    signedPath = path,
  }: SignOptions & { signedPath?: string } = {},
): Promise<number> {
  const request = new Request(`https://l2.test${signedPath}`, { headers: { Accept: accept } });
  const signed = await signRequest(request, by.privateKey, new URL(by.keyId), { spec });
  const headers = new Headers(signed.headers);
  alter?.(headers);
  return (await server.request(path, { headers })).status;
}

/** Signs a GET by draft-cavage over the path with its query, as some servers do. */
async function getWithQuery(path: string, by: Person, signedPath = path, date = new Date()): Promise<number> {
  const names = ["(request-target)", "host", "date"];
  const values = [`get ${signedPath}`, "l2.test", date.toUTCString()];
  const message = names.map((name, place) => `${name}: ${values[place]}`).join("\n");
  const bytes = await crypto.subtle.sign(
    "RSASSA-PKCS1-v1_5",
    by.privateKey,
    new TextEncoder().encode(message),
  );
  const signature = Buffer.from(bytes).toString("base64");
  const headers = {
    Accept: accept,
    Date: date.toUTCString(),
    Signature: `keyId="${by.keyId}",algorithm="rsa-sha256",headers="${names.join(" ")}",signature="${signature}"`,
  };
  return (await server.request(path, { headers })).status;
}

describe("with authorised fetch", () => {
  test("documents are refused without a signature, with a problem that says so", async () => {
    for (const path of guarded) {
      for (const type of [accept, "application/json", "*/*"]) {
        const response = await server.request(path, { headers: { Accept: type } });
        expect(response.status, path).toBe(401);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      }
    }
  });

  test.each(specs)("documents are given to a valid signature (%s), and to no shared cache", async (spec) => {
    for (const path of guarded) expect(await get(path, bob, { spec }), path).toBe(200);
    const { headers } = await server.request("/users/carol");
    expect(headers.get("cache-control")).toBe("private, no-store");
  });

  test("a signature may be over the path with the query or without it", async () => {
    const path = "/users/carol/outbox?cursor=9007199254740991";
    expect(await get(path, bob)).toBe(200);
    expect(await getWithQuery(path, bob)).toBe(200);
    expect(await getWithQuery(path, bob, "/users/carol/outbox?cursor=1")).toBe(401);
    expect(await getWithQuery(path, bob, path, new Date(Date.now() - 2 * 3600 * 1000))).toBe(401);
    expect(await getWithQuery(path, { ...bob, privateKey: mallory.privateKey })).toBe(401);
  });

  test("a key that has changed is fetched again", async () => {
    const trent = await settle(good, "trent", 0);
    expect(await get("/notes/0", trent)).toBe(200);
    const { privateKey, publicKeyPem } = await rsaPair(1);
    good.documents.set("/users/trent", describePerson(trent.id, publicKeyPem));
    expect(await getWithQuery("/users/carol/outbox?cursor=5", { ...trent, privateKey })).toBe(200);
  });

  test("a signature that is wrong, covers too little, or is for something else is refused", async () => {
    const path = "/notes/0";
    expect(await get(path, { ...bob, privateKey: mallory.privateKey })).toBe(401);
    expect(await get(path, bob, { signedPath: "/activities/0" })).toBe(401);
    const narrow = (headers: Headers) =>
      headers.set("Signature", (headers.get("Signature") ?? "").replace("(request-target)", "accept"));
    expect(await get(path, bob, { alter: narrow })).toBe(401);
    expect(await get(path, { ...bob, keyId: `${good.origin}/users/nobody#main-key` })).toBe(401);
  });

  test("a signature of somebody who is blocked is refused, before his key is asked for", async () => {
    const before = world.requests.length;
    for (const spec of specs) expect(await get("/notes/0", mallory, { spec })).toBe(403);
    expect(world.requests.slice(before)).toEqual([]);
  });

  test("an actor shows strangers its keys and no more", async () => {
    const stranger = await server.json("GET", "/users/carol");
    expect(stranger.status).toBe(200);
    expect(stranger.body).toMatchObject({ id: "https://l2.test/users/carol", type: "Person" });
    expect(stranger.body.publicKey.publicKeyPem).toContain("PUBLIC KEY");
    expect(stranger.body).not.toHaveProperty("name");
    expect(stranger.body).not.toHaveProperty("published");
    expect(await get("/users/carol", bob)).toBe(200);
    expect(await get("/users/carol", mallory)).toBe(200);
    expect((await server.json("GET", "/actor")).body.name).toBe("Art DAG L2");
    expect((await server.json("GET", "/.well-known/webfinger?resource=acct:carol@l2.test")).status).toBe(200);
  });

  test("pages are for everybody", async () => {
    for (const path of [
      "/users/carol",
      "/users/carol/followers",
      "/activities",
      "/activities/0",
      "/asset/sunrise",
    ]) {
      const page = await server.request(path, { headers: { Accept: "text/html" } });
      expect([page.status, page.headers.get("content-type")], path).toEqual([
        200,
        "text/html; charset=UTF-8",
      ]);
    }
  });
});

test("without authorised fetch documents are for everybody", async () => {
  for (const path of guarded) expect((await open.json("GET", path)).status, path).toBe(200);
  expect((await open.json("GET", "/users/carol")).body).toHaveProperty("published");
});

test("two servers that both demand signatures follow each other and check each other's claims", async () => {
  const env = { ARTDAG_AUTHORIZED_FETCH: "on" };
  const [a, b] = [await startTestServer(env), await startTestServer(env)];
  const [carol, dan] = [await a.register("carol"), await b.register("dan")];
  const handle = `@carol@${new URL(a.origin).host}`;
  expect((await b.json("POST", "/users/dan/following", { handle }, dan)).status).toBe(202);
  await eventually("it is accepted", async () => {
    const rows = await query(b.databaseUrl, "select * from following where accepted is not null");
    return rows.length > 0 ? true : undefined;
  });
  const asset = { name: "seen", content_hash: "b".repeat(64), asset_type: "image" };
  expect((await a.json("POST", "/assets", asset, carol)).status).toBe(201);
  await eventually("the post is there, and its claim verified", async () => {
    const { body } = await b.json("GET", "/home", undefined, dan);
    return body.posts[0]?.claim?.verified === true ? true : undefined;
  });
});
