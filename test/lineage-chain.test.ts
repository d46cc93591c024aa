import { beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { killLeftovers, type ServerProcess, startProcess } from "./helpers/process.ts";
import {
  eventually,
  type Json,
  makeTemporaryDirectory,
  startTestServer,
  type TestServer,
} from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { hashOf, registerWork } from "./helpers/works.ts";

killLeftovers();

/** Works that were made of each other on three servers, each of which follows only the one before. */
describe("a chain over three servers", () => {
  let a: ServerProcess;
  let b: TestServer;
  let c: TestServer;
  let alice: string;
  const [seed, film, cut] = [hashOf("seed"), hashOf("film"), hashOf("cut")] as [string, string, string];

  beforeAll(async () => {
    a = await startProcess({
      DATABASE_URL: await createTestDatabase(),
      ARTDAG_DATA: await makeTemporaryDirectory(),
      ARTDAG_USER: "admin_a",
    });
    b = await startTestServer({ ARTDAG_USER: "admin_b" });
    c = await startTestServer({ ARTDAG_USER: "admin_c" });
    alice = (await post("/auth/register", { username: "alice", password: "correct horse battery" }))[
      "access_token"
    ];
    await follow(b, "bob", `${a.origin}/users/alice`);
    await follow(c, "carol", `${b.origin}/users/bob`);
  });

  /** What A answers. */
  async function post(path: string, body: object, token?: string): Promise<Json> {
    const headers = {
      "Content-Type": "application/json",
      Accept: "application/json",
      ...(token == null ? {} : { Authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(a.origin + path, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(201);
    return await answer.json();
  }

  async function follow(server: TestServer, username: string, handle: string): Promise<void> {
    const token = await server.register(username);
    const followed = await server.json("POST", `/users/${username}/following`, { handle }, token);
    expect(followed.status).toBe(202);
    await eventually(`${username} follows`, async () => {
      const { body } = await server.json("GET", `/users/${username}/following`);
      return body.totalItems === 1 ? true : undefined;
    });
  }

  /** The copy of a claim to a hash, once a server has it. */
  const keptClaim = (server: TestServer, hash: string): Promise<string> =>
    eventually(`the claim to ${hash} is kept`, async () => {
      const rows = await query<{ iri: string }>(
        server.databaseUrl,
        "select iri from remote_claims where content_hash = $1",
        [hash],
      );
      return rows[0]?.iri;
    });

  test("is learned to its beginning while all of them are there", async () => {
    await post("/assets", { name: "seed", content_hash: seed, asset_type: "image" }, alice);
    expect(await keptClaim(b, seed)).toBe(`${a.origin}/activities/0`);
    await registerWork(b, "bob", { name: "film", hash: film, inputs: { still: seed } });
    expect(await keptClaim(c, film)).toBe(`${b.origin}/activities/0`);
    expect(await keptClaim(c, seed)).toBe(`${a.origin}/activities/0`);
    await registerWork(c, "carol", { name: "cut", hash: cut, inputs: [film] });
  });

  test("is whole on the last server when the first is gone, with its claim verified and its author credited", async () => {
    await a.kill("SIGTERM");
    await expect(fetch(a.origin)).rejects.toBeInstanceOf(TypeError);
    const { body } = await c.json("GET", "/assets/cut/lineage");
    expect(body.nodes.map(({ hash }: Json) => hash)).toEqual([cut, film, seed]);
    const claim = `${a.origin}/activities/0`;
    const host = new URL(a.origin).host;
    expect(body.nodes[2]).toMatchObject({
      hash: seed,
      status: "claimed",
      name: "seed",
      asset_type: "image",
      page: `${a.origin}/asset/seed`,
      claim,
      creators: [{ handle: `@alice@${host}`, url: `${a.origin}/users/alice` }],
      claims: [{ claim, verified: true, withdrawn: false }],
      made_from_steps: 2,
    });
    expect(body.edges).toMatchObject([
      { from: seed, to: film, name: "still", claim: `${b.origin}/activities/0` },
      { from: film, to: cut, claim: `${c.origin}/activities/0` },
    ]);
    const page = await (await c.request("/asset/cut", { headers: { Accept: "text/html" } })).text();
    expect(page).toMatch(new RegExp(`Credits[^]*@alice@${host}`));
    expect(page).toContain(`href="/claims?id=${encodeURIComponent(claim)}"`);
  });

  test("has copies whose proof is found valid again, and not valid once they are changed", async () => {
    const claim = encodeURIComponent(`${a.origin}/activities/0`);
    const { body } = await c.json("GET", `/claims?id=${claim}`);
    expect(body).toMatchObject({
      content_hash: seed,
      creator: { url: `${a.origin}/users/alice` },
      proof_valid: true,
      withdrawn: false,
    });
    const kept = JSON.parse(body.document);
    expect(kept.proof.verificationMethod).toBe(`${a.origin}/users/alice#${body.public_key}`);
    const page = await (await c.request(`/claims?id=${claim}`, { headers: { Accept: "text/html" } })).text();
    expect(page).toContain("Valid, checked just now");
    await query(c.databaseUrl, "update remote_claims set document = replace(document, 'seed', 'weed')");
    expect((await c.json("GET", `/claims?id=${claim}`)).body.proof_valid).toBe(false);
  });

  test("has no copy of what was never verified, and says what it takes", async () => {
    const unknown = encodeURIComponent("https://nobody.example/activities/0");
    expect((await c.json("GET", `/claims?id=${unknown}`)).status).toBe(404);
    expect((await c.json("GET", "/claims")).body.errors).toMatchObject([{ field: "id" }]);
  });
});
