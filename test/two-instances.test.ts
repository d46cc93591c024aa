import { beforeAll, describe, expect, test } from "vitest";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";

const work = {
  name: "my-video",
  content_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  asset_type: "video",
  tags: ["art", "generated"],
};

describe("two servers on loopback", () => {
  let a: TestServer;
  let b: TestServer;
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    a = await startTestServer({ ARTDAG_USER: "admin_a" });
    b = await startTestServer({ ARTDAG_USER: "admin_b" });
    alice = await a.register("alice");
    bob = await b.register("bob");
  });

  async function waitForFollower(username: string): Promise<void> {
    await eventually(`${username} has a follower`, async () => {
      const { body } = await a.json("GET", `/users/${username}/followers`);
      return body.totalItems === 1 ? true : undefined;
    });
    await eventually("the follow is accepted", async () => {
      const { body } = await b.json("GET", "/users/bob/following");
      return body.totalItems > 0 ? true : undefined;
    });
  }

  async function waitForPost(hash: string): Promise<Json> {
    return await eventually("the post and its verified claim arrive", async () => {
      const { body } = await b.json("GET", "/home", undefined, bob);
      return body.posts.find((post: Json) => post.claim?.content_hash === hash && post.claim.verified);
    });
  }

  test("bob follows alice by her handle and gets her post with the claim behind it verified", async () => {
    const handle = `@alice@${new URL(a.origin).host}`;
    const followed = await b.json("POST", "/users/bob/following", { handle }, bob);
    expect(followed).toMatchObject({
      status: 202,
      body: { actor: `${a.origin}/users/alice`, state: "requested" },
    });
    await waitForFollower("alice");

    const registered = await a.json("POST", "/assets", work, alice);
    expect(registered.status).toBe(201);
    const post = await waitForPost(work.content_hash);
    expect(post).toMatchObject({
      id: `${a.origin}/notes/0`,
      url: `${a.origin}/asset/my-video`,
      actor: `${a.origin}/users/alice`,
      claim: { url: `${a.origin}/activities/0`, content_hash: work.content_hash, verified: true },
    });
    expect(post.content).toContain("my-video");
  });

  test("bob follows carol by her actor's URL and gets her post", async () => {
    const carol = await a.register("carol");
    const handle = `${a.origin}/users/carol`;
    const followed = await b.json("POST", "/users/bob/following", { handle }, bob);
    expect(followed.status).toBe(202);
    await waitForFollower("carol");
    const hash = "b".repeat(64);
    await a.json("POST", "/assets", { name: "carols", content_hash: hash, asset_type: "image" }, carol);
    const post = await waitForPost(hash);
    expect(post.actor).toBe(handle);
  });
});
