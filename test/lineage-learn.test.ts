import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildClaim } from "../src/claims/claim.ts";
import type { JsonObject } from "../src/claims/json.ts";
import { encodeMultikey } from "../src/claims/multikey.ts";
import { prove } from "../src/claims/proof.ts";
import { createPaths } from "../src/core/paths.ts";
import { inTransaction } from "../src/db/connection.ts";
import { markWithdrawn } from "../src/db/remote-claims.ts";
import { findSourceLinks } from "../src/db/sources.ts";
import { firstReach, learnClaim, learnClaimsLater } from "../src/federation/learn-claim.ts";
import { findSourceClaims } from "../src/registry/find-source-claims.ts";
import { image, importPrivateKey, importPublicKey } from "./helpers/claims.ts";
import { type FixtureRemote, openFixtureRemote } from "./helpers/fixture-remote.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { hashOf, registerWork } from "./helpers/works.ts";

describe("the claims that a claim names", () => {
  let server: TestServer;
  let remote: FixtureRemote;
  let zoe: string;

  beforeAll(async () => {
    server = await startTestServer({ LIMIT_FETCHES: "1000" });
    remote = await openFixtureRemote();
    zoe = `${remote.origin}/users/zoe`;
  });

  beforeEach(async () => {
    remote.documents.clear();
    const publicKeyMultibase = await encodeMultikey(await importPublicKey());
    remote.documents.set("/users/zoe", {
      "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/multikey/v1"],
      id: zoe,
      type: "Person",
      preferredUsername: "zoe",
      inbox: `${zoe}/inbox`,
      outbox: `${zoe}/outbox`,
      assertionMethod: [
        { id: `${zoe}#${publicKeyMultibase}`, type: "Multikey", controller: zoe, publicKeyMultibase },
      ],
    });
  });

  /** Zoe claims a hash, as something made from others. */
  async function serve(
    index: number,
    hash: string,
    inputs: JsonObject[] = [],
    description = "",
  ): Promise<string> {
    const paths = createPaths(remote.origin);
    const work = {
      ...image,
      name: `work ${index}`,
      description,
      contentHash: { algorithm: "sha3-256", value: hash } as const,
      provenance: { run: "https://l1.example/runs/1", inputs },
    };
    const published = new Date("2026-11-22T12:00:00Z");
    const method = `${zoe}#${await encodeMultikey(await importPublicKey())}`;
    const key = { privateKey: await importPrivateKey(), verificationMethod: method };
    const claim = buildClaim(paths, { work, username: "zoe", index, published });
    remote.documents.set(`/activities/${index}`, await prove(claim, key, published));
    return paths.activity(index);
  }

  const source = (value: string, claim?: string): JsonObject => ({
    contentHash: { algorithm: "sha3-256", value },
    ...(claim == null ? {} : { claim }),
  });
  const learn = (iri: string, contentHash: string, reach = {}) =>
    learnClaim(server.resources.federationContext, { iri, contentHash, ...firstReach, ...reach });
  const kept = async (iri: string): Promise<boolean> =>
    (await query(server.databaseUrl, "select 1 from remote_claims where iri = $1", [iri])).length > 0;
  const waiting = async (): Promise<string[]> =>
    (
      await query<{ iri: string }>(
        server.databaseUrl,
        "select data ->> 'iri' as iri from pgboss.job where name = 'learn_claim' and data ->> 'iri' like $1",
        [`${remote.origin}/%`],
      )
    ).map(({ iri }) => iri);
  const listLeft = async (path: string): Promise<number[]> =>
    (
      await query<{ left: number }>(
        server.databaseUrl,
        `select (data ->> 'left')::int as left from pgboss.job
         where name = 'learn_claim' and data ->> 'iri' like $1`,
        [`${remote.origin}${path}%`],
      )
    ).map(({ left }) => left);
  const lineage = async (name: string): Promise<Json> =>
    (await server.json("GET", `/assets/${name}/lineage`)).body;

  test("are learned one after the other, and their author, who was unknown, is credited", async () => {
    const [one, two] = [hashOf("learned 1"), hashOf("learned 2")];
    const first = await serve(1, one);
    const second = await serve(2, two, [source(one, first)]);
    await learn(second, two);
    await eventually("the one behind it is kept", async () => ((await kept(first)) ? true : undefined));
    await registerWork(server, "alice", { name: "of both", hash: hashOf("of both"), inputs: [two] });
    const { nodes, edges } = await lineage("of%20both");
    expect(nodes[2]).toMatchObject({
      hash: one,
      status: "claimed",
      creators: [{ url: zoe }],
      name: "work 1",
    });
    expect(edges).toContainEqual({ from: one, to: two, role: "input", name: null, claim: second });
  });

  test("are let go where they are to another hash than they are named for", async () => {
    const claim = await serve(3, hashOf("is this"));
    await learn(claim, hashOf("is that"));
    expect(await kept(claim)).toBe(false);
  });

  test("are let go where the proof is not valid", async () => {
    const hash = hashOf("changed");
    const claim = await serve(4, hash);
    const document = remote.documents.get("/activities/4") as JsonObject;
    remote.documents.set("/activities/4", { ...document, published: "2020-01-01T00:00:00Z" });
    await learn(claim, hash);
    expect(await kept(claim)).toBe(false);
  });

  test("are let go where they are larger than 256 KiB", async () => {
    const [small, large] = [hashOf("small"), hashOf("large")];
    const [fits, exceeds] = [
      await serve(12, small, [], "é".repeat(60_000)),
      await serve(13, large, [], "é".repeat(132_000)),
    ];
    await learn(fits, small);
    await learn(exceeds, large);
    expect([await kept(fits), await kept(exceeds)]).toEqual([true, false]);
  });

  test("are let go where they are gone or no claims, and tried again where their server fails", async () => {
    const hash = hashOf("not there");
    remote.documents.set("/activities/5", 410);
    remote.documents.set("/activities/6", { id: `${remote.origin}/activities/6`, type: "Note" });
    for (const index of [5, 6]) await learn(`${remote.origin}/activities/${index}`, hash);
    remote.documents.set("/activities/7", 503);
    await expect(learn(`${remote.origin}/activities/7`, hash)).rejects.toMatchObject({ status: 503 });
  });

  test("are not asked for where the author is on another server than the claim", async () => {
    const hash = hashOf("elsewhere");
    const claim = await serve(8, hash);
    const document = remote.documents.get("/activities/8") as JsonObject;
    remote.documents.set("/activities/8", { ...document, actor: "https://victim.example/users/zoe" });
    await learn(claim, hash);
    expect(await kept(claim)).toBe(false);
  });

  test("are not asked for where the server blocks their domain", async () => {
    const hash = hashOf("blocked");
    const claim = "http://blocked.example/activities/1";
    await query(server.databaseUrl, "insert into blocks (kind, target) values ('domain', 'blocked.example')");
    await eventually("the block holds", async () =>
      (await server.resources.federationContext.blocked.has(claim)) ? true : undefined,
    );
    await expect(learn(claim, hash)).resolves.toBeUndefined();
  });

  test("are fifty of one claim, and twenty steps from what was sent here, at most", async () => {
    const name = (origin: string) =>
      Array.from({ length: 60 }, (_, at) =>
        source(hashOf(`many ${at}`), `${origin}/activities/${1000 + at}`),
      );
    const inputs = [server.origin, "http://blocked.example", remote.origin].flatMap(name);
    const hash = hashOf("of many");
    await learn(await serve(9, hash, inputs), hash, { steps: 20 });
    expect((await waiting()).filter((iri) => /\/10\d\d$/.test(iri))).toEqual([]);
    const other = hashOf("of many, nearer");
    await learn(await serve(10, other, inputs), other, { steps: 19 });
    expect((await waiting()).filter((iri) => /\/10\d\d$/.test(iri))).toHaveLength(50);
  });

  test("share out what may be learned in all", async () => {
    const [wide, spent] = [hashOf("wide"), hashOf("spent")];
    const name = (at: number) =>
      [0, 1, 2].map((n) => source(hashOf(`${at} ${n}`), `${remote.origin}/activities/${at}${n}`));
    await learn(await serve(14, wide, name(200)), wide, { left: 10 });
    expect(await listLeft("/activities/200")).toEqual([2, 2, 2]);
    await learn(await serve(15, spent, name(300)), spent, { left: 2 });
    expect(await listLeft("/activities/300")).toEqual([0, 0]);
  });

  test("wait once each, however often they are named", async () => {
    const iri = `${remote.origin}/activities/${"4".repeat(1900)}`;
    const later = learnClaimsLater(server.resources.federationContext, firstReach);
    await inTransaction(server.resources.web.db, async (trx) => {
      for (let time = 0; time < 2; time++) await later(trx, [{ iri, contentHash: hashOf("twice") }]);
    });
    expect((await waiting()).filter((one) => one === iri)).toHaveLength(1);
  });

  test("are linked from no work while the server blocks their author", async () => {
    const { db, paths } = server.resources.web;
    const hash = hashOf("of somebody blocked");
    const claim = await serve(16, hash);
    await learn(claim, hash);
    const found = async () => [
      (await findSourceLinks(db, [hash])).get(hash)?.claims,
      (await findSourceClaims({ db, paths }, [hash])).get(hash),
    ];
    expect(await found()).toEqual([[claim], claim]);
    await query(server.databaseUrl, "insert into blocks (kind, target) values ('actor', $1)", [zoe]);
    expect(await found()).toEqual([undefined, undefined]);
    await query(server.databaseUrl, "delete from blocks where target = $1", [zoe]);
  });

  test("no longer say of what a work was made once they are withdrawn, and the work is shown as withdrawn", async () => {
    const [one, two] = [hashOf("w 1"), hashOf("w 2")];
    const claim = await serve(11, two, [source(one)]);
    await learn(claim, two);
    await registerWork(server, "alice", { name: "of withdrawn", hash: hashOf("w 3"), inputs: [two] });
    expect((await lineage("of%20withdrawn")).nodes).toHaveLength(3);
    await markWithdrawn(server.resources.web.db, claim);
    const { nodes } = await lineage("of%20withdrawn");
    expect(nodes).toHaveLength(2);
    expect(nodes[1]).toMatchObject({
      hash: two,
      status: "withdrawn",
      creators: [],
      claims: [{ withdrawn: true }],
    });
  });
});
