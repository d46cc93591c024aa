import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "./helpers/database.ts";
import { makePng } from "./helpers/images.ts";
import { killLeftovers, type ServerProcess, startProcess } from "./helpers/process.ts";
import { eventually, findFreePort, makeTemporaryDirectory } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

killLeftovers();

const rounds = 4;
const works = 4;
const hashOf = (bytes: Uint8Array) => createHash("sha3-256").update(bytes).digest("hex");

test("however often a server is killed while previews are set, the files are those that are shown", async () => {
  const env = {
    DATABASE_URL: await createTestDatabase(),
    ARTDAG_DATA: await makeTemporaryDirectory(),
    PORT: String(await findFreePort()),
    ARTDAG_USER: "alice",
  };
  let server: ServerProcess = await startProcess(env);
  const send = (method: string, url: string, body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(server.origin + url, { method, body, headers: { "Content-Type": "application/json", ...headers } });
  const account = JSON.stringify({ username: "bob", password: "correct horse battery" });
  const registered = await send("POST", "/auth/register", account);
  const { access_token: token } = (await registered.json()) as { access_token: string };
  const signed = { Authorization: `Bearer ${token}` };
  for (let at = 0; at < works; at++) {
    const work = { name: `work-${at}`, content_hash: String(at).repeat(64), asset_type: "other" };
    expect((await send("POST", "/assets", JSON.stringify(work), signed)).status).toBe(201);
  }

  let seed = 0;
  const acknowledged = new Map<string, string>();
  /** Sets one preview after the other until the server is gone. */
  const keepSetting = async (name: string): Promise<void> => {
    for (;;) {
      const bytes = new Uint8Array(makePng(16, 12, { seed: ++seed, size: 50_000 }));
      try {
        const headers = { ...signed, "Content-Type": "image/png" };
        const response = await send("PUT", `/assets/${name}/preview`, bytes, headers);
        if (response.status !== 200) return;
        acknowledged.set(name, hashOf(bytes));
        await response.arrayBuffer();
      } catch {
        return;
      }
    }
  };

  for (let round = 0; round < rounds; round++) {
    const setting = Array.from({ length: works }, (_, at) => keepSetting(`work-${at}`));
    await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 400));
    await server.kill("SIGKILL");
    await Promise.all(setting);
    server = await startProcess(env);
    const shown = await eventually("only files that are shown are left", async () => {
      const rows = await query<{ hash: string }>(env.DATABASE_URL, "select hash from previews order by hash");
      const hashes = rows.map(({ hash }) => hash);
      const entries = await readdir(path.join(env.ARTDAG_DATA, "media"), {
        recursive: true,
        withFileTypes: true,
      });
      const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
      return files.toSorted().join() === hashes.join() ? hashes : undefined;
    });
    const notes = await query<{ hash: string }>(env.DATABASE_URL, "select hash from media order by hash");
    expect(notes.map(({ hash }) => hash)).toEqual(shown);
    // What was answered counts, unless a later one took its place without an answer.
    for (const name of acknowledged.keys()) {
      const asset = await fetch(`${server.origin}/assets/${name}`);
      const { preview_url: url } = (await asset.json()) as { preview_url: string };
      const image = await fetch(url);
      expect(image.status).toBe(200);
      expect(hashOf(new Uint8Array(await image.arrayBuffer()))).toBe(url.split("/").at(-1));
    }
  }
  expect(seed).toBeGreaterThan(rounds * works);
});
