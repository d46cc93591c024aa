import { beforeAll, describe, expect, test } from "vitest";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { hashOf, registerWork } from "./helpers/works.ts";

describe("the lineage of a work", () => {
  let server: TestServer;
  const tokens: Record<string, string> = {};
  const [source, other, recipe, middle, last] = ["source", "other", "recipe", "middle", "last"].map(
    hashOf,
  ) as [string, string, string, string, string];

  beforeAll(async () => {
    server = await startTestServer();
    for (const name of ["anna", "bert", "carl"]) tokens[name] = await server.register(name);
    await server.json(
      "POST",
      "/assets",
      { name: "source", content_hash: source, asset_type: "image" },
      tokens["anna"],
    );
    await registerWork(server, "bert", {
      name: "middle",
      hash: middle,
      inputs: { photo: source, noise: other },
      recipe,
    });
    await registerWork(server, "carl", { name: "last", hash: last, inputs: [middle] });
  });

  const read = async (name: string, search = ""): Promise<Json> => {
    const { status, body } = await server.json("GET", `/assets/${name}/lineage${search}`);
    expect(status).toBe(200);
    return body;
  };
  const page = async (path: string): Promise<string> =>
    await (await server.request(path, { headers: { Accept: "text/html" } })).text();
  const hashes = (lineage: Json): string[] => lineage.nodes.map(({ hash }: Json) => hash);
  const find = (lineage: Json, hash: string): Json => lineage.nodes.find((node: Json) => node.hash === hash);

  test("goes both ways, with who made each work and what is not known", async () => {
    const lineage = await read("middle");
    expect(lineage).toMatchObject({ root: middle, truncated: false });
    expect(new Set(hashes(lineage))).toEqual(new Set([middle, source, other, recipe, last]));
    expect(hashes(lineage)[0]).toBe(middle);
    const host = new URL(server.origin).host;
    expect(find(lineage, source)).toMatchObject({
      status: "registered",
      contested: false,
      name: "source",
      asset_type: "image",
      page: `${server.origin}/asset/source`,
      object: `${server.origin}/objects/${source}`,
      claim: `${server.origin}/activities/0`,
      creators: [{ handle: `@anna@${host}`, url: `${server.origin}/users/anna` }],
      made_from_steps: 1,
      used_in_steps: null,
    });
    expect(find(lineage, other)).toMatchObject({ status: "unknown", name: null, creators: [], claims: [] });
    expect(find(lineage, last)).toMatchObject({ name: "last", made_from_steps: null, used_in_steps: 1 });
    const claim = `${server.origin}/activities/1`;
    expect(lineage.edges).toEqual([
      { from: recipe, to: middle, role: "recipe", name: null, claim },
      { from: source, to: middle, role: "input", name: "photo", claim },
      { from: other, to: middle, role: "input", name: "noise", claim },
      { from: middle, to: last, role: "input", name: null, claim: `${server.origin}/activities/2` },
    ]);
  });

  test("goes one way, and no further than it is asked to", async () => {
    expect(new Set(hashes(await read("middle", "?direction=made_from")))).toEqual(
      new Set([middle, source, other, recipe]),
    );
    expect(hashes(await read("middle", "?direction=used_in"))).toEqual([middle, last]);
    const near = await read("last", "?depth=1");
    expect(hashes(near)).toEqual([last, middle]);
    expect(near.truncated).toBe(true);
    expect(await read("last", "?depth=2")).toMatchObject({ truncated: false });
    const few = await read("middle", "?limit=2");
    expect(few.nodes).toHaveLength(2);
    expect(few.truncated).toBe(true);
    const nodes = new Set(hashes(few));
    expect(few.edges.every(({ from, to }: Json) => nodes.has(from) && nodes.has(to))).toBe(true);
    expect(await read("middle", "?limit=5")).toMatchObject({ truncated: false });
  });

  test.each([
    ["depth=101", "depth"],
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=x", "limit"],
    ["direction=up", "direction"],
  ])("says what is wrong with ?%s", async (search, field) => {
    const { status, body } = await server.json("GET", `/assets/middle/lineage?${search}`);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field }]);
  });

  test("states in the signed claim where the claims to the inputs are", async () => {
    const { body } = await server.json("GET", "/activities/1");
    expect(body.object.provenance.inputs).toEqual([
      {
        name: "photo",
        contentHash: { algorithm: "sha3-256", value: source },
        claim: `${server.origin}/activities/0`,
      },
      { name: "noise", contentHash: { algorithm: "sha3-256", value: other } },
    ]);
  });

  test("ends where works are made from each other", async () => {
    const [one, two] = [hashOf("cycle one"), hashOf("cycle two")];
    await registerWork(server, "anna", { name: "one", hash: one, inputs: [two, one] });
    await registerWork(server, "anna", { name: "two", hash: two, inputs: [one] });
    const lineage = await read("one");
    expect(new Set(hashes(lineage))).toEqual(new Set([one, two]));
    expect(lineage.edges).toHaveLength(3);
    expect(lineage.truncated).toBe(false);
    expect(await page("/asset/one/lineage")).toContain("<svg");
  });

  test("marks what several claim, and credits them all, the first one first", async () => {
    const hash = hashOf("contested");
    const body = { content_hash: hash, asset_type: "image" };
    await server.json("POST", "/assets", { ...body, name: "first" }, tokens["anna"]);
    await server.json("POST", "/assets", { ...body, name: "second" }, tokens["bert"]);
    await registerWork(server, "carl", { name: "of contested", hash: hashOf("of it"), inputs: [hash] });
    const node = find(await read("of contested"), hash);
    expect(node).toMatchObject({ status: "registered", contested: true, name: "first" });
    expect(node.creators.map(({ url }: Json) => url)).toEqual([
      `${server.origin}/users/anna`,
      `${server.origin}/users/bert`,
    ]);
    const shown = await page("/asset/of%20contested");
    expect(shown).toMatch(
      /class="lineage-node registered contested"[^>]*aria-label="first, by [^"]*contested"/,
    );
    expect(shown).toMatch(/Credits[^]*@anna@[^]*@bert@/);
  });

  test("shows what was withdrawn as withdrawn, and forgets from what that was made", async () => {
    const [root, gone, child] = [hashOf("its root"), hashOf("gone"), hashOf("its child")];
    await registerWork(server, "anna", { name: "gone", hash: gone, inputs: [root] });
    await registerWork(server, "bert", { name: "child", hash: child, inputs: { film: gone } });
    expect(hashes(await read("child"))).toEqual([child, gone, root]);
    await server.json("DELETE", "/assets/gone", undefined, tokens["anna"]);
    const lineage = await read("child");
    expect(hashes(lineage)).toEqual([child, gone]);
    expect(find(lineage, gone)).toMatchObject({ status: "withdrawn", name: null, creators: [], claims: [] });
    expect(lineage.edges).toMatchObject([{ from: gone, to: child, name: "film" }]);
    const rows = await query(server.databaseUrl, "select 1 from lineage_edges where output = $1", [gone]);
    expect(rows).toEqual([]);
    const shown = await page("/asset/child");
    expect(shown).toMatch(/class="lineage-node withdrawn"[^>]*aria-label="film, withdrawn"/);
    expect(shown).toMatch(/class="lineage-state">withdrawn</);
  });

  test("is a page for browsers, whose picture needs no script and says the same in words", async () => {
    const answer = await server.request("/assets/middle/lineage", { headers: { Accept: "text/html" } });
    expect(answer.headers.get("location")).toBe("/asset/middle/lineage");
    expect((await server.request("/asset/middle/lineage")).headers.get("location")).toBe(
      "/assets/middle/lineage",
    );
    const shown = await page("/asset/middle/lineage");
    expect(shown).not.toMatch(/\sstyle=/);
    for (const hash of [source, other, recipe, middle, last]) expect(shown).toContain(`id="lineage-${hash}"`);
    expect(shown.match(/<a [^>]*class="lineage-node/g)).toHaveLength(5);
    const small = await page("/asset/middle");
    expect(small).toContain('href="/asset/middle/lineage"');
    expect(await page("/asset/source")).toContain("Used in");
  });

  test("of a work that is not there is not there either", async () => {
    expect((await server.json("GET", "/assets/nothing/lineage")).status).toBe(404);
    expect((await server.json("GET", "/assets/gone/lineage")).status).toBe(410);
  });

  test("answers nothing but the work itself where nothing is known, and its page says nothing of it", async () => {
    const hash = hashOf("alone");
    await server.json(
      "POST",
      "/assets",
      { name: "alone", content_hash: hash, asset_type: "image" },
      tokens["anna"],
    );
    expect(await read("alone")).toMatchObject({ nodes: [{ hash }], edges: [], truncated: false });
    expect(await page("/asset/alone")).not.toContain("Lineage");
    expect(await page("/asset/alone/lineage")).toContain("Nobody has stated");
  });
});
