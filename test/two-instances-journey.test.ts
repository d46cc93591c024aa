import { beforeAll, describe, expect, test } from "vitest";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";

/**
 * Everything that two artists on two servers do to each other. After each step both servers are asked, by what programs
 * read and by what people see.
 */
describe("two servers, from the first follow to the last", () => {
  let a: TestServer;
  let b: TestServer;
  let alice: string;
  let bob: string;
  const hash = "5".repeat(64);
  const note = () => `${a.origin}/notes/0`;

  beforeAll(async () => {
    a = await startTestServer({ ARTDAG_USER: "admin_a" });
    b = await startTestServer({ ARTDAG_USER: "admin_b" });
    alice = await a.register("alice");
    bob = await b.register("bob");
  });

  const page = async (server: TestServer, path: string, token?: string): Promise<string> => {
    const headers = { Accept: "text/html", ...(token == null ? {} : { Authorization: `Bearer ${token}` }) };
    return await (await server.request(path, { headers })).text();
  };
  const findPost = async (): Promise<Json> => {
    const { body } = await b.json("GET", "/home", undefined, bob);
    return body.posts.find((post: Json) => post.id === note());
  };
  const asset = async (): Promise<Json> => (await a.json("GET", "/assets/work")).body;

  test("bob follows alice, and both know", async () => {
    const handle = `@alice@${new URL(a.origin).host}`;
    expect((await b.json("POST", "/users/bob/following", { handle }, bob)).status).toBe(202);
    await eventually("the follow is accepted", async () => {
      const { body } = await b.json("GET", "/users/bob/following");
      return body.totalItems === 1 ? true : undefined;
    });
    expect((await a.json("GET", "/users/alice/followers")).body.totalItems).toBe(1);
    expect(await page(a, "/users/alice/followers")).toContain(`@bob@${new URL(b.origin).host}`);
    expect(await page(b, "/users/bob/following")).toContain(handle);
  });

  test("alice registers a work, and bob sees it with its claim verified", async () => {
    const work = { name: "work", content_hash: hash, asset_type: "image", description: "first words" };
    expect((await a.json("POST", "/assets", work, alice)).status).toBe(201);
    const post = await eventually("the post arrives, verified", async () => {
      const found = await findPost();
      return found?.claim?.verified === true ? found : undefined;
    });
    expect(post.content).toContain("first words");
    expect(await page(b, "/home", bob)).toContain("first words");
    expect(await page(a, "/asset/work")).toContain("first words");
  });

  test("alice changes her work, and bob sees the new words", async () => {
    const changed = await a.json("PATCH", "/assets/work", { description: "second words" }, alice);
    expect(changed).toMatchObject({ status: 200, body: { asset: { description: "second words" } } });
    await eventually("the change arrives", async () =>
      (await findPost())?.content.includes("second words") === true ? true : undefined,
    );
    const seen = await page(b, "/home", bob);
    expect(seen).toContain("second words");
    expect(seen).not.toContain("first words");
    expect(await page(a, "/asset/work")).toContain("second words");
  });

  test("bob shares, likes and answers it, and alice's page counts all three", async () => {
    expect((await b.json("POST", "/shares", { object: note() }, bob)).status).toBeLessThan(300);
    expect((await b.json("POST", "/reactions", { type: "like", object: note() }, bob)).status).toBeLessThan(
      300,
    );
    const reply = { type: "reply", object: note(), content: "What a tide!" };
    expect((await b.json("POST", "/reactions", reply, bob)).status).toBeLessThan(300);
    await eventually("all three arrive", async () => {
      const { likes, shares, replies } = await asset();
      return likes === 1 && shares === 1 && replies === 1 ? true : undefined;
    });
    expect(await page(a, "/asset/work")).toContain("What a tide!");
    const { body } = await a.json("GET", "/notes/0");
    expect([body.likes.totalItems, body.shares.totalItems, body.replies.totalItems]).toEqual([1, 1, 1]);
  });

  test("bob takes back his like and his share, and alice's page counts no more", async () => {
    expect((await b.json("DELETE", "/reactions", { object: note() }, bob)).status).toBeLessThan(300);
    expect((await b.json("DELETE", "/shares", { object: note() }, bob)).status).toBeLessThan(300);
    await eventually("both are taken back", async () => {
      const { likes, shares } = await asset();
      return likes === 0 && shares === 0 ? true : undefined;
    });
  });

  test("alice withdraws her work, and it is gone on both servers", async () => {
    expect((await a.json("DELETE", "/assets/work", undefined, alice)).status).toBeLessThan(300);
    for (const path of ["/assets/work", `/objects/${hash}`, "/notes/0", "/activities/0"]) {
      expect((await a.json("GET", path)).status, path).toBe(410);
    }
    await eventually("bob no longer sees it", async () => ((await findPost()) == null ? true : undefined));
    expect(await page(b, "/home", bob)).not.toContain("second words");
  });

  test("alice blocks bob, and neither follows the other any more", async () => {
    const target = `${b.origin}/users/bob`;
    const blocked = await a.json("POST", "/settings/blocks", { kind: "actor", target }, alice);
    expect(blocked.status).toBeLessThan(300);
    expect((await a.json("GET", "/users/alice/followers")).body.totalItems).toBe(0);
    await eventually("bob's server knows", async () => {
      const { body } = await b.json("GET", "/users/bob/following");
      return body.totalItems === 0 ? true : undefined;
    });
    await b.json("POST", "/users/bob/following", { handle: `${a.origin}/users/alice` }, bob);
    const other = await a.register("anna");
    await b.json("POST", "/users/bob/following", { handle: `${a.origin}/users/anna` }, bob);
    await eventually("the other follow arrives, after the refused one", async () => {
      const { body } = await a.json("GET", "/users/anna/followers");
      return body.totalItems === 1 ? true : undefined;
    });
    expect((await a.json("GET", "/users/alice/followers")).body.totalItems).toBe(0);
    expect(other).not.toBe("");
  });

  test("bob unfollows anna, and both know", async () => {
    const handle = `${a.origin}/users/anna`;
    expect((await b.json("DELETE", "/users/bob/following", { handle }, bob)).status).toBe(204);
    await eventually("anna has no follower", async () => {
      const { body } = await a.json("GET", "/users/anna/followers");
      return body.totalItems === 0 ? true : undefined;
    });
    expect(await page(a, "/users/anna/followers")).not.toContain("@bob@");
  });
});
