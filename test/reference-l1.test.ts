import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLyingL1 } from "./helpers/lying-l1.ts";
import type { Json } from "./helpers/server.ts";
import { type ReferenceL1, startReferenceL1 } from "./reference-l1/server.ts";

/** Who has which token at a stand-in for L2 that answers nothing but `/auth/verify`. */
const users = new Map([["token-of-alice", "alice"]]);
const l2 = createServer((request, response) => {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const username = users.get(token);
  const known = request.method === "POST" && request.url === "/auth/verify" && username != null;
  request.resume();
  response.writeHead(known ? 200 : 401, { "Content-Type": "application/json" });
  response.end(JSON.stringify(known ? { valid: true, username } : { valid: false }));
});
let l1: ReferenceL1;

beforeAll(async () => {
  await new Promise<void>((resolve) => l2.listen(0, "127.0.0.1", resolve));
  l1 = await startReferenceL1({ l2Origin: `http://127.0.0.1:${(l2.address() as AddressInfo).port}` });
});

afterAll(async () => {
  await l1.stop();
  l2.close();
});

const get = (path: string, cookie = "") =>
  fetch(l1.origin + path, { redirect: "manual", headers: { Cookie: cookie } });

async function signIn(token: string): Promise<string> {
  const answer = await get(`/auth?auth_token=${token}`);
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/");
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

describe("the reference renderer", () => {
  test("signs in whom L2 knows, with a cookie of its own, and out again when L2 knows them no more", async () => {
    expect(await (await get("/")).text()).toContain("Nobody is signed in");
    const cookie = await signIn("token-of-alice");
    expect(cookie).not.toContain("token-of-alice");
    const page = await (await get("/", cookie)).text();
    expect(page).toContain("Signed in as <strong>alice</strong>");
    expect(page).toContain(l1.runs.image.id);
    expect(page).not.toContain(l1.runs.others.id);

    users.delete("token-of-alice");
    expect(await (await get("/", cookie)).text()).toContain("Nobody is signed in");
    users.set("token-of-alice", "alice");
    expect(await (await get("/", cookie)).text()).toContain("Nobody is signed in");
  });

  test("signs out", async () => {
    const cookie = await signIn("token-of-alice");
    await fetch(`${l1.origin}/auth/logout`, {
      method: "POST",
      headers: { Cookie: cookie },
      redirect: "manual",
    });
    expect(await (await get("/", cookie)).text()).toContain("Nobody is signed in");
  });

  test.each(["/auth", "/auth?auth_token=forged"])("takes nobody in at %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("has every finished run's output and recipe, under their true hashes", async () => {
    for (const name of ["image", "collage", "tone", "others"] as const) {
      const { id, outputHash } = l1.runs[name];
      const run: Json = await (await get(`/runs/${id}`)).json();
      expect(run).toMatchObject({ run_id: id, status: "completed", output_hash: outputHash });
      const hashes: string[] = [outputHash, run.recipe, ...Object.values<string>(run.inputs)];
      for (const hash of hashes) {
        const file = await get(`/cache/${hash}`);
        const bytes = Buffer.from(await file.arrayBuffer());
        expect(createHash("sha3-256").update(bytes).digest("hex")).toBe(hash);
        const head = await fetch(`${l1.origin}/cache/${hash}`, { method: "HEAD" });
        expect(head.headers.get("content-length")).toBe(String(bytes.length));
        expect(head.headers.get("content-type")).toBe(file.headers.get("content-type"));
      }
    }
  });

  test("says which runs are not finished, and whose they are", async () => {
    await signIn("token-of-alice");
    const read = async (id: string): Promise<Json> => await (await get(`/runs/${id}`)).json();
    expect(await read(l1.runs.running.id)).toMatchObject({ status: "running", output_hash: null });
    expect(await read(l1.runs.failed.id)).toMatchObject({ status: "failed", error: expect.any(String) });
    expect(await read(l1.runs.image.id)).toMatchObject({ username: "alice", requesters: ["alice"] });
    expect(await read(l1.runs.others.id)).toMatchObject({ username: "somebody_else" });
    expect((await get("/runs/none")).status).toBe(404);
  });
});

describe("a lying renderer", () => {
  test.each(["endless", "slow", "silent", "endless-output", "refused"] as const)(
    "that is %s never comes to an end, and can be stopped all the same",
    async (lie) => {
      const { origin, stop } = await startLyingL1(lie);
      const path = lie === "endless-output" ? "/cache/x" : "/runs/x";
      const reading = fetch(origin + path, { signal: AbortSignal.timeout(300) });
      await expect(reading.then((answer) => answer.text())).rejects.toThrow(
        /abort|timeout|fetch failed|refused/i,
      );
      await stop();
    },
  );

  test("is honest in all but its lie", async () => {
    const { origin, outputHash, requests, stop } = await startLyingL1("none");
    const run: Json = await (await fetch(`${origin}/runs/a-run`)).json();
    expect(run).toMatchObject({ run_id: "a-run", status: "completed", output_hash: outputHash });
    const bytes = await (await fetch(`${origin}/cache/${outputHash}`)).bytes();
    expect(createHash("sha3-256").update(bytes).digest("hex")).toBe(outputHash);
    expect(requests.map(({ url }) => url)).toEqual(["/runs/a-run", `/cache/${outputHash}`]);
    await stop();
  });
});
