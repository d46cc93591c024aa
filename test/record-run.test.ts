import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attachRenderer, issueRendererToken } from "../src/accounts/renderer-tokens.ts";
import { findUser } from "../src/db/users.ts";
import { type ScriptedL1, startScriptedL1 } from "./helpers/scripted-l1.ts";
import { type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";
import { type ReferenceL1, startReferenceL1 } from "./reference-l1/server.ts";

const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";

let server: TestServer;
let reference: ReferenceL1;
let l1: ScriptedL1;
let alice: string;
let bob: string;

beforeAll(async () => {
  reference = await startReferenceL1({ l2Origin: "http://localhost:1" });
  afterAll(() => reference.stop());
  l1 = await startScriptedL1();
  server = await startTestServer({
    ARTDAG_USER: "root_user",
    L1_SERVERS: `${reference.origin},${l1.origin}`,
    LIMIT_HASHED_MIB: "2",
  });
  alice = await server.register("alice");
  bob = await server.register("bob");
});

function record(fields: object, token = alice) {
  return server.json("POST", "/assets/record-run", { l1_server: l1.origin, ...fields }, token);
}

let count = 0;
/** A completed run of its own, with what came of it. */
function makeRun(fields: object = {}, mediaType?: string): { id: string; hash: string; json: string } {
  const id = `run-${++count}`;
  const hash = l1.setFile(`output ${count}`, mediaType);
  return { id, hash, json: l1.setRun(id, { output_hash: hash, ...fields }) };
}

function countRuns(): Promise<{ count: number }[]> {
  return query(server.databaseUrl, "select count(*)::int as count from runs");
}

async function getUser(username: string) {
  const user = await findUser(server.resources.web.db, username);
  if (user == null) throw new Error(`there is no ${username}`);
  return user;
}

describe("a finished run", () => {
  let created: { status: number; body: Json; headers: Headers };

  beforeAll(async () => {
    created = await record({
      l1_server: `${reference.origin}/`,
      run_id: reference.runs.image.id,
      output_name: "Waves",
      tags: ["sea"],
      license: "CC0",
    });
  });

  test("becomes an asset that followers can see", () => {
    const { outputHash } = reference.runs.image;
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe("/assets/Waves");
    expect(created.body.asset).toMatchObject({
      name: "Waves",
      content_hash: outputHash,
      asset_type: "image",
      media_type: "image/png",
      url: `${reference.origin}/cache/${outputHash}`,
      tags: ["sea"],
      license: "CC0",
      owner: "alice",
      post: expect.stringContaining("/notes/"),
    });
  });

  test("is told as the asset's provenance, in its JSON and in the signed claim", async () => {
    const { asset, activity } = created.body;
    expect(asset.provenance).toEqual({
      run: `${reference.origin}/runs/${reference.runs.image.id}`,
      renderer: reference.origin,
      recipe: { name: null, content_hash: expect.stringMatching(/^[0-9a-f]{64}$/), asset: null, claims: [] },
      inputs: [
        { name: "source", content_hash: expect.stringMatching(/^[0-9a-f]{64}$/), asset: null, claims: [] },
      ],
      started_at: "2026-01-10T10:00:00Z",
      completed_at: "2026-01-10T10:00:09Z",
      run_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      evidence: "stated-by-renderer",
      run_document: `${server.origin}/assets/Waves/run`,
    });
    expect(activity.object.provenance).toEqual({
      run: asset.provenance.run,
      renderer: reference.origin,
      recipe: { contentHash: { algorithm: "sha3-256", value: asset.provenance.recipe.content_hash } },
      inputs: [
        {
          name: "source",
          contentHash: { algorithm: "sha3-256", value: asset.provenance.inputs[0].content_hash },
        },
      ],
      startTime: "2026-01-10T10:00:00Z",
      endTime: "2026-01-10T10:00:09Z",
      runDigest: { algorithm: "sha-256", value: asset.provenance.run_digest },
      evidence: "stated-by-renderer",
    });
    expect((await server.json("GET", "/assets/Waves")).body).toEqual(asset);
  });

  test("keeps the exact bytes of what the renderer said, which have the digest that the claim states", async () => {
    const said = await (await fetch(`${reference.origin}/runs/${reference.runs.image.id}`)).text();
    const response = await server.request("/assets/Waves/run", { headers: { Accept: "text/html" } });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const kept = await response.text();
    expect(kept).toBe(said);
    const digest = createHash("sha256").update(kept).digest("hex");
    expect(digest).toBe(created.body.asset.provenance.run_digest);
  });

  test("keeps bytes that no library would write so", async () => {
    const id = "odd-bytes";
    const hash = l1.setFile("odd");
    const text = `{ "z":1e2 ,"run_id":"${id}","status":"completed","output_hash":"${hash}",\r\n "é\\u0000":"\\ud83d\\ude00 ü"}`;
    l1.setAnswer(`/runs/${id}`, (_request, response) =>
      response.writeHead(200, { "Content-Type": "application/json; charset=utf-8" }).end(text),
    );
    expect((await record({ run_id: id, output_name: id })).status).toBe(201);
    expect(await (await server.request(`/assets/${id}/run`)).text()).toBe(text);
  });

  test("is shown on the asset's page", async () => {
    const page = await (await server.request("/asset/Waves", { headers: { Accept: "text/html" } })).text();
    expect(page).toContain("How it was made");
    expect(page).toContain(`href="${reference.origin}/runs/${reference.runs.image.id}"`);
    expect(page).toContain('href="/assets/Waves/run"');
    expect(page).toContain(created.body.asset.provenance.inputs[0].content_hash);
    expect(page).toContain("has not read the file");
  });

  test("stays told when the asset is changed, in the same words", async () => {
    const { status, body } = await server.json(
      "PATCH",
      "/assets/Waves",
      { description: "Now with words" },
      alice,
    );
    expect(status).toBe(200);
    expect(body.asset.provenance).toEqual(created.body.asset.provenance);
    expect(JSON.stringify(body.activity.object.provenance)).toBe(
      JSON.stringify(created.body.activity.object.provenance),
    );
    const again = await server.json("PATCH", "/assets/Waves", { description: "Now with words" }, alice);
    expect(again.body.activity.id).toBe(body.activity.id);
  });

  test("leads to its sources where they are claimed here or on a known server", async () => {
    const { id: sourceRun, hash: source } = makeRun();
    await record({ run_id: sourceRun, output_name: "source of all" });
    const elsewhere = "e".repeat(64);
    await query(
      server.databaseUrl,
      `with actor as (insert into remote_actors (iri, inbox, username, host)
         values ('https://b.test/users/x', 'https://b.test/inbox', 'x', 'b.test') returning id)
       insert into remote_claims (iri, actor_id, content_hash, document, withdrawn)
       select iri, id, $1, '{}', gone from actor, (values ('https://b.test/activities/1', null::timestamptz),
         ('https://b.test/activities/2', now())) claims (iri, gone)`,
      [elsewhere],
    );
    const { id } = makeRun({ recipe: "dog", inputs: { a: source, b: elsewhere } });
    const { body } = await record({ run_id: id, output_name: "child" });
    expect(body.asset.provenance).toMatchObject({
      recipe: { name: "dog", content_hash: null, asset: null, claims: [] },
      inputs: [
        { name: "a", content_hash: source, asset: `${server.origin}/assets/source%20of%20all`, claims: [] },
        { name: "b", content_hash: elsewhere, asset: null, claims: ["https://b.test/activities/1"] },
      ],
    });
    const listed = (await server.json("GET", "/assets?q=child")).body.assets[0];
    expect(listed.provenance.inputs).toEqual([
      { name: "a", content_hash: source },
      { name: "b", content_hash: elsewhere },
    ]);
  });
});

describe("what came of a run", () => {
  test.each([
    ["video/mp4", "video", "video/mp4"],
    ["audio/wav; rate=1", "audio", "audio/wav"],
    ["application/json", "other", "application/json"],
    ["application/octet-stream", "other", null],
    ["no type", "other", null],
  ])("that is served as %s is %s", async (served, type, mediaType) => {
    const { id } = makeRun({}, served);
    const { body } = await record({ run_id: id, output_name: id });
    expect(body.asset).toMatchObject({ asset_type: type, media_type: mediaType });
  });

  test("is asked for by a GET that is cut off where HEAD does not help", async () => {
    const { id, hash } = makeRun();
    l1.setAnswer(`/cache/${hash}`, (request, response) => {
      if (request.method === "HEAD") return response.writeHead(405).end();
      response.writeHead(200, { "Content-Type": "image/webp" });
      return response.write("the first bytes of very many");
    });
    expect((await record({ run_id: id, output_name: id })).body.asset.media_type).toBe("image/webp");
  });

  test("is other where the renderer does not serve it, or sends elsewhere, where nobody goes", async () => {
    const { id, hash } = makeRun();
    l1.setAnswer(`/cache/${hash}`, (_request, response) =>
      response.writeHead(302, { Location: "/elsewhere" }).end(),
    );
    const { body } = await record({ run_id: id, output_name: id });
    expect(body.asset).toMatchObject({ asset_type: "other", media_type: null, post: null });
    expect(l1.requests.map(({ line }) => line)).not.toContain("GET /elsewhere");
  });

  test("is what the user says it is", async () => {
    const { id, hash } = makeRun();
    const { body } = await record({
      run_id: id,
      output_name: id,
      asset_type: "effect",
      media_type: "text/plain",
      url: "https://elsewhere.test/file",
    });
    expect(body.asset).toMatchObject({
      asset_type: "effect",
      media_type: "text/plain",
      url: "https://elsewhere.test/file",
    });
    expect(l1.requests.filter(({ line }) => line.includes(hash))).toEqual([]);
  });
});

describe("with verify_bytes", () => {
  test("the file is read, and the claim says so", async () => {
    const { id, hash } = makeRun();
    const { status, body } = await record({ run_id: id, output_name: id, verify_bytes: true });
    expect(status).toBe(201);
    expect(body.asset.media_type).toBe("image/png");
    expect(body.activity.object.provenance.evidence).toBe("bytes-checked");
    expect(l1.requests.map(({ line }) => line).filter((line) => line.includes(hash))).toEqual([
      `GET /cache/${hash}`,
    ]);
  });

  test("progress comes in lines to whoever asks for it, and the last one is the answer", async () => {
    const id = "large";
    const size = 1_500_000;
    const hash = l1.setFile(Buffer.alloc(size, "x"), "video/mp4");
    l1.setRun(id, { output_hash: hash });
    const response = await sendForLines({ run_id: id, output_name: id, verify_bytes: true });
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-ndjson"]);
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line): Json => JSON.parse(line));
    const progress = lines.slice(0, -1);
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.every(({ type, total }) => type === "progress" && total === size)).toBe(true);
    expect(progress.at(-1).bytes).toBe(size);
    expect(lines.at(-1)).toMatchObject({
      type: "recorded",
      status: 201,
      asset: { name: id, asset_type: "video" },
    });
  });

  test("a lie comes as the last line, as the problem that it is", async () => {
    const { id, hash } = makeRun();
    l1.setAnswer(`/cache/${hash}`, (_request, response) => response.writeHead(200).end("false"));
    const response = await sendForLines({ run_id: id, output_name: id, verify_bytes: true });
    const last: Json = JSON.parse((await response.text()).trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ type: "problem", problem: { status: 502 } });
    expect(last.problem.detail).toContain("serves another file");
  });

  test("the reading ends when whoever waits for it goes away", async () => {
    const { id, hash } = makeRun();
    const gone = Promise.withResolvers<string>();
    l1.setAnswer(`/cache/${hash}`, (_request, response) => {
      const timer = setInterval(() => response.write("piece"), 20);
      response.once("close", () => {
        clearInterval(timer);
        gone.resolve("ended");
      });
    });
    const response = await sendForLines({ run_id: id, output_name: id, verify_bytes: true });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await gone.promise).toBe("ended");
    expect((await server.json("GET", `/assets/${id}`)).status).toBe(404);
  });

  test("whose session ends while the file is read is not recorded any more", async () => {
    const { body } = await server.json("POST", "/auth/login", {
      username: "bob",
      password: "correct horse battery",
    });
    const { id, hash } = makeRun();
    const bytes = `output ${count}`;
    const asked = new Promise<() => void>((resolve) =>
      l1.setAnswer(`/cache/${hash}`, (_request, response) => resolve(() => void response.end(bytes))),
    );
    const answer = record({ run_id: id, output_name: id, verify_bytes: true }, body.access_token);
    const release = await asked;
    await server.json("POST", "/auth/logout", {}, body.access_token);
    release();
    expect((await answer).status).toBe(401);
    expect((await server.json("GET", `/assets/${id}`)).status).toBe(404);
  });

  test("is not read twice at once", async () => {
    const { id, hash } = makeRun();
    const asked = new Promise<() => void>((resolve) =>
      l1.setAnswer(`/cache/${hash}`, (_request, response) => resolve(() => void response.end("false"))),
    );
    const first = record({ run_id: id, output_name: id, verify_bytes: true });
    const release = await asked;
    expect((await record({ run_id: id, output_name: `${id} again`, verify_bytes: true }, bob)).status).toBe(
      503,
    );
    release();
    expect((await first).status).toBe(502);
  });

  test("four files are read at once, and the fifth is to be tried again", async () => {
    const waiting = Array.from({ length: 4 }, () => makeRun());
    const asked: Promise<() => void>[] = waiting.map(
      ({ hash }) =>
        new Promise((resolve) =>
          l1.setAnswer(`/cache/${hash}`, (_request, response) => resolve(() => void response.end("false"))),
        ),
    );
    const answers = waiting.map(({ id }) => record({ run_id: id, output_name: id, verify_bytes: true }));
    const release = await Promise.all(asked);
    const fifth = { run_id: makeRun().id, output_name: "the fifth", verify_bytes: true };
    const busy = await record(fifth);
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "60"]);
    for (const end of release) end();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([502, 502, 502, 502]);
    expect((await record(fifth)).status).toBe(201);
  });

  test.each([
    ["that is named by a CID can't be checked", { output_hash: cid }, 422, /verify_bytes must be false/],
    ["that is not there", { output_hash: "d".repeat(64) }, 502, /HTTP status 404/],
  ])("a file %s", async (_, fields, status, detail) => {
    const { id } = makeRun(fields);
    const answer = await record({ run_id: id, output_name: id, verify_bytes: true });
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(detail)]);
  });

  function sendForLines(fields: object) {
    return server.request("/assets/record-run", {
      method: "POST",
      headers: {
        Accept: "application/x-ndjson",
        Authorization: `Bearer ${alice}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ l1_server: l1.origin, ...fields }),
    });
  }
});

describe("a run is recorded once", () => {
  test("by its user, whatever the name, and the second time the renderer is not asked", async () => {
    const { id } = makeRun();
    await record({ run_id: id, output_name: `${id} first` });
    const before = l1.requests.length;
    const { status, body } = await record({ run_id: id, output_name: `${id} second` });
    expect([status, body.detail]).toEqual([
      409,
      `You have recorded that run already, as ${server.origin}/assets/${id}%20first.`,
    ]);
    expect(l1.requests).toHaveLength(before);
  });

  test("by each user of a renderer that gives it to both", async () => {
    const { id } = makeRun();
    await record({ run_id: id, output_name: `${id} of alice` });
    const { status, body } = await record({ run_id: id, output_name: `${id} of bob` }, bob);
    expect([status, body.asset.contested]).toEqual([201, true]);
  });

  test("of twenty tries at once", async () => {
    const { id } = makeRun();
    const [before] = await countRuns();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, number) => record({ run_id: id, output_name: `${id} no ${number}` })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(19).fill(409)]);
    const [after] = await countRuns();
    expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(1);
    expect((await server.json("GET", `/assets?q=${id} no`)).body.total).toBe(1);
  });

  test("until it is withdrawn, which erases what the renderer said", async () => {
    const { id } = makeRun();
    await record({ run_id: id, output_name: `${id} gone` });
    expect((await server.json("DELETE", `/assets/${id} gone`, undefined, alice)).status).toBe(200);
    expect((await server.json("GET", `/assets/${id} gone/run`)).status).toBe(410);
    expect(await query(server.databaseUrl, "select 1 from runs where run_id = $1", [id])).toEqual([]);
    expect((await record({ run_id: id, output_name: `${id} gone` })).body.detail).toContain(
      "never given again",
    );
    expect((await record({ run_id: id, output_name: `${id} back` })).status).toBe(201);
  });

  test("and leaves nothing where the name or the hash is taken", async () => {
    const { id, hash } = makeRun();
    await server.json(
      "POST",
      "/assets",
      { name: `${id} own`, content_hash: hash, asset_type: "image" },
      alice,
    );
    const [before] = await countRuns();
    const taken = await record({ run_id: id, output_name: `${id} own` });
    expect([taken.status, taken.body.errors]).toEqual([409, [{ field: "output_name", message: "is taken" }]]);
    const claimed = await record({ run_id: id, output_name: `${id} anew` });
    expect([claimed.status, claimed.body.errors[0].field]).toEqual([409, "content_hash"]);
    expect(await countRuns()).toEqual([before]);
    expect((await server.json("GET", `/assets/${id} own/run`)).status).toBe(404);
  });
});

describe("a run is its user's", () => {
  const spellings: [string, (host: string, origin: string) => object][] = [
    ["alice", () => ({ username: "alice" })],
    ["Alice", () => ({ username: "Alice" })],
    ["@alice@host", (host) => ({ username: `@alice@${host}` })],
    ["alice@host", (host) => ({ username: `alice@${host}` })],
    ["acct:", (host) => ({ username: `acct:alice@${host}` })],
    ["the actor's URL", (_, origin) => ({ username: `${origin}/users/alice` })],
    ["one of the requesters", () => ({ username: "bob", requesters: ["bob", "alice"] })],
    ["nobody's in particular", () => ({ username: null, requesters: [] })],
  ];

  test.each(spellings)("where the renderer says %s", async (_, tell) => {
    const { id } = makeRun(tell(new URL(server.origin).host, server.origin));
    expect((await record({ run_id: id, output_name: id })).status).toBe(201);
  });
});

describe("who asks", () => {
  test("is told to a renderer to which the user is attached, by a token for that one alone", async () => {
    const { web } = server.resources;
    const carol = await server.register("carol");
    const { id } = makeRun();
    await record({ run_id: id, output_name: `${id} before` }, carol);
    expect(l1.requests.find(({ line }) => line === `GET /runs/${id}`)?.authorization).toBeUndefined();
    await attachRenderer(web, await getUser("carol"), { l1Server: l1.origin, scopes: ["renderer"] });
    const { id: next } = makeRun();
    await record({ run_id: next, output_name: next }, carol);
    const [scheme, token = ""] = (
      l1.requests.find(({ line }) => line === `GET /runs/${next}`)?.authorization ?? ""
    ).split(" ");
    const claims = decodeJwt(token);
    expect([scheme, claims.aud, claims["username"], claims["scope"]]).toEqual([
      "Bearer",
      l1.origin,
      "carol",
      "renderer",
    ]);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(60);
    expect((await record({ run_id: next, output_name: "x" }, token)).status).toBe(403);
  });

  test("may be the renderer itself, for its own runs, where the user allows it", async () => {
    const { web } = server.resources;
    await server.register("dave");
    const dave = await getUser("dave");
    const own = { l1Server: l1.origin, scopes: ["renderer", "record-run"] } as const;
    const { token } = await attachRenderer(web, dave, own);
    const { id } = makeRun();
    const other = await record(
      { run_id: reference.runs.tone.id, l1_server: reference.origin, output_name: id },
      token,
    );
    expect([other.status, other.body.detail]).toEqual([403, `That token is for runs of ${l1.origin} only.`]);
    const { status, body } = await record({ run_id: id, output_name: id }, token);
    expect([status, body.asset?.owner]).toEqual([201, "dave"]);

    const less = await issueRendererToken(web, dave, { l1Server: l1.origin, scopes: ["renderer"] });
    const refused = await record({ run_id: makeRun().id, output_name: "less" }, less.token);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("record-run")]);
    expect((await server.json("POST", "/assets", { name: "x" }, token)).status).toBe(401);
  });

  test.each([
    ["nobody", undefined],
    ["a forged token", "ey.ey.x"],
  ])("is not %s", async (_, token) => {
    const before = l1.requests.length;
    const fields = { l1_server: l1.origin, run_id: makeRun().id, output_name: "nobody's" };
    expect((await server.json("POST", "/assets/record-run", fields, token)).status).toBe(401);
    expect(l1.requests).toHaveLength(before);
  });
});

describe("the form", () => {
  const page = { Accept: "text/html" };
  const send = (fields: Record<string, string>) =>
    server.request("/renderers/record", {
      method: "POST",
      headers: { ...page, Authorization: `Bearer ${alice}` },
      body: new URLSearchParams({ l1_server: l1.origin, ...fields }),
    });

  test("is for whoever is signed in", async () => {
    const response = await server.request("/renderers/record", { headers: page });
    expect([response.status, response.headers.get("location")]).toEqual([
      303,
      "/login?next=%2Frenderers%2Frecord",
    ]);
  });

  test("names the renderers, and takes from its address which run is meant", async () => {
    const path = `/renderers/record?l1_server=${encodeURIComponent(l1.origin)}&run_id=abc`;
    const html = await (
      await server.request(path, { headers: { ...page, Authorization: `Bearer ${alice}` } })
    ).text();
    expect(html).toContain(`<option value="${reference.origin}">`);
    expect(html).toContain(`<option value="${l1.origin}" selected="">`);
    expect(html).toMatch(/<input id="field-run_id"[^>]* value="abc"/);
  });

  test("records a run without any script, and leads to its asset", async () => {
    const { id } = makeRun();
    const fields = { run_id: id, output_name: "by form", tags: "a, b", verify_bytes: "true", asset_type: "" };
    const response = await send(fields);
    expect([response.status, response.headers.get("location")]).toEqual([303, "/asset/by%20form"]);
    const { body } = await server.json("GET", "/assets/by form");
    expect([body.tags, body.provenance.evidence]).toEqual([["a", "b"], "bytes-checked"]);
  });

  test("is shown again with what was typed and what is wrong", async () => {
    const response = await send({ run_id: "../x", output_name: "<b>kept</b>" });
    const html = await response.text();
    expect(response.status).toBe(422);
    expect(html).toContain("must be 1 to 128 letters");
    expect(html).toContain("&lt;b&gt;kept&lt;/b&gt;");
  });
});
