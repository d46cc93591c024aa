import { signRequest } from "@fedify/fedify";
import { sql } from "kysely";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eventually, startTestServer, type TestServer } from "../../test/helpers/server.ts";
import { encodeMultikey } from "../claims/multikey.ts";
import { prove } from "../claims/proof.ts";
import { inTransaction } from "../db/connection.ts";
import { acceptFollowing, insertFollowing } from "../db/following.ts";
import { upsertRemoteActor } from "../db/remote-actors.ts";
import type { Database } from "../db/schema.ts";
import { findUser } from "../db/users.ts";
import { type FakeServer, startServer } from "../net/server.test-helper.ts";

let server: TestServer;
let db: Database;
let pair: CryptoKeyPair;
let publicKeyPem: string;
let proofPair: CryptoKeyPair;
let multibase: string;
let remote: FakeServer;
let bob: string;
/** What bob's actor has besides. */
let odd: object;

beforeAll(async () => {
  server = await startTestServer();
  ({ db } = server.resources.federationContext);
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const publicExponent = new Uint8Array([1, 0, 1]);
  pair = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, ["sign", "verify"]);
  proofPair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  multibase = await encodeMultikey(proofPair.publicKey);
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", pair.publicKey)).toString("base64");
  publicKeyPem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
});

beforeEach(async () => {
  odd = {};
  remote = await startServer((request, response) => {
    const known = request.url === "/users/bob";
    if (request.method === "POST") return void response.writeHead(202).end();
    response.writeHead(known ? 200 : 404, { "Content-Type": "application/activity+json" });
    response.end(known ? JSON.stringify(bobsActor()) : "");
  });
  bob = `${remote.origin}/users/bob`;
});

function bobsActor(): object {
  return {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      "https://w3id.org/security/v1",
      "https://w3id.org/security/multikey/v1",
      "https://w3id.org/security/data-integrity/v1",
      { assertionMethod: { "@id": "https://w3id.org/security#assertionMethod", "@type": "@id" } },
    ],
    id: bob,
    type: "Person",
    preferredUsername: "bob",
    name: "Bob \ud83d",
    inbox: `${bob}/inbox`,
    assertionMethod: [
      { id: `${bob}#${multibase}`, type: "Multikey", controller: bob, publicKeyMultibase: multibase },
    ],
    publicKey: { id: `${bob}#main-key`, owner: bob, publicKeyPem, note: "\ude00" },
    ...odd,
  };
}

/** Sends an activity of bob's, to the shared inbox unless another is named. */
async function send(activity: object, keyId = `${bob}#main-key`, inbox = "/inbox"): Promise<number> {
  const request = new Request(server.origin + inbox, {
    method: "POST",
    headers: { "Content-Type": "application/activity+json" },
    body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", actor: bob, ...activity }),
  });
  return (await fetch(await signRequest(request, pair.privateKey, new URL(keyId)))).status;
}

/** Has alice follow bob. */
async function followBob(): Promise<void> {
  const userId = (await findUser(db, "alice"))?.id ?? 0;
  const followIri = `${server.origin}/users/alice#follows/${remote.port}`;
  await inTransaction(db, async (trx) => {
    const actor = { username: "bob", name: null, url: null, inbox: `${bob}/inbox`, shared_inbox: null };
    const { id } = await upsertRemoteActor(trx, { iri: bob, host: new URL(bob).host, ...actor });
    await insertFollowing(trx, { userId, actorId: id, followIri });
    await acceptFollowing(trx, { iri: followIri, actorIri: bob });
  });
}

describe("text that PostgreSQL can't hold", () => {
  test("in a Follow and its actor does not keep it from taking effect", async () => {
    const id = `${remote.origin}/follows/1`;
    const status = await send({
      id,
      type: "Follow",
      object: `${server.origin}/users/alice`,
      summary: "\ud83d",
      "\ude00": 1,
    });
    expect(status).toBe(202);
    await eventually("the follower is stored", () =>
      db.selectFrom("followers").selectAll().where("follow_iri", "=", id).executeTakeFirst(),
    );
    const actor = await db.selectFrom("remote_actors").selectAll().where("iri", "=", bob).executeTakeFirst();
    expect(actor?.name).toBe("Bob \ufffd");
  });

  test("in a post is replaced where it stands", async () => {
    await followBob();
    const iri = `${remote.origin}/notes/1`;
    const object = { id: iri, type: "Note", attributedTo: bob, content: "<p>\ud83d half \ude00</p>" };
    expect(await send({ id: `${iri}#create`, type: "Create", object })).toBe(202);
    const post = await eventually("the post is stored", () =>
      db.selectFrom("remote_posts").selectAll().where("iri", "=", iri).executeTakeFirst(),
    );
    expect(post.content).toBe("<p>\ufffd half \ufffd</p>");
  });
});

describe("an activity whose key", () => {
  const follow = () => ({
    id: `${remote.origin}/follows/9`,
    type: "Follow",
    object: `${server.origin}/users/alice`,
  });

  const document = () => ({
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
    actor: bob,
    ...follow(),
  });
  const proofKey = () => ({
    privateKey: proofPair.privateKey,
    verificationMethod: `${bob}#${multibase}`,
  });

  test("is right is taken, with a proof beside it too", async () => {
    expect(await send(follow())).toBe(202);
    expect(
      await send(await prove({ ...document(), id: `${remote.origin}/follows/10` }, proofKey(), new Date())),
    ).toBe(202);
    await eventually("both have taken effect", async () => {
      const rows = await db
        .selectFrom("received_activities")
        .select("activity_iri")
        .where("actor_iri", "=", bob)
        .execute();
      return rows.length === 2 ? true : undefined;
    });
  });

  test.each([
    [
      "keys",
      {
        assertionMethod: [{ id: "#p256", type: "Multikey", publicKeyMultibase: "zDnaerDaTF5BXEavCrfRZEk3" }],
      },
    ],
    ["a proof", { proof: { type: "https://vendor.example/ns#Proof", proofValue: "zAbc" } }],
  ])("stands beside %s of an unknown kind is taken, and its actor is understood", async (title, more) => {
    odd = more;
    const id = `${remote.origin}/follows/${title.length}`;
    expect(await send({ ...follow(), id })).toBe(202);
    await eventually("the follower is stored", () =>
      db.selectFrom("followers").selectAll().where("follow_iri", "=", id).executeTakeFirst(),
    );
  });

  test("is not among its actor's is answered 401, time after time", async () => {
    for (let time = 0; time < 2; time++) expect(await send(follow(), `${bob}#other-key`)).toBe(401);
  });

  test("can't be found is answered 401", async () => {
    expect(await send(follow(), `${remote.origin}/users/nobody#main-key`)).toBe(401);
  });

  test.each([
    ["no proof", false],
    ["a valid proof", true],
  ])("is the right one, but signs by garbage, is answered 401, with %s", async (_title, proved) => {
    const request = new Request(`${server.origin}/inbox`, {
      method: "POST",
      headers: { "Content-Type": "application/activity+json" },
      body: JSON.stringify(proved ? await prove(document(), proofKey(), new Date()) : document()),
    });
    const signed = await signRequest(request, pair.privateKey, new URL(`${bob}#main-key`));
    const headers = new Headers(signed.headers);
    const garbage =
      headers.get("signature")?.replace(/signature="[^"]*"/, `signature="${"AAAA".repeat(85)}"`) ?? "";
    headers.set("signature", garbage);
    const response = await fetch(new Request(signed, { headers }));
    expect(response.status).toBe(401);
  });
});

describe("an activity of a type that is unknown here", () => {
  const vendor = { v: "https://vendor.example/ns#", Poke: "v:Poke" };
  const context = ["https://www.w3.org/ns/activitystreams", vendor];

  test.each([
    ["by its context", { "@context": context, type: "Poke" }],
    ["by no context", { type: "Poke" }],
    ["with a colon", { type: "Story:Reaction" }],
    [
      "of its object",
      { "@context": context, type: "Create", object: { id: "https://v.example/1", type: "Poke" } },
    ],
    ["as a post", { type: "Note" }],
  ])("%s is answered 202 and ignored, and counts as no refusal", async (_title, activity) => {
    for (let time = 0; time < 2; time++) {
      expect(await send({ id: `${remote.origin}/pokes/1`, ...activity })).toBe(202);
    }
    await eventually("it is handled", async () => {
      const { rows } = await sql`select from pgboss.job where name = 'inbox' and state < 'completed'`.execute(
        db,
      );
      return rows.length === 0 ? true : undefined;
    });
    const received = await db
      .selectFrom("received_activities")
      .selectAll()
      .where("actor_iri", "=", bob)
      .execute();
    expect(received).toEqual([]);
    const { rows } =
      await sql`select from pgboss.job where name = 'inbox' and state in ('retry', 'failed')`.execute(db);
    expect(rows).toEqual([]);
  });

  test("has its signature checked, and its inbox", async () => {
    const poke = { id: `${remote.origin}/pokes/1`, type: "Poke" };
    expect(await send(poke, `${bob}#other-key`)).toBe(401);
    expect(await send(poke, undefined, "/users/nobody/inbox")).toBe(404);
  });

  test("inside a post that is followed does not keep the post away", async () => {
    await followBob();
    const iri = `${remote.origin}/notes/2`;
    const odd = [{ type: "Poke", name: "x" }];
    const object = {
      id: iri,
      type: "Note",
      attributedTo: bob,
      content: "<p>odd</p>",
      attachment: odd,
      tag: odd,
    };
    expect(await send({ "@context": context, id: `${iri}#create`, type: "Create", object })).toBe(202);
    await eventually("the post is stored", () =>
      db.selectFrom("remote_posts").selectAll().where("iri", "=", iri).executeTakeFirst(),
    );
  });
});
