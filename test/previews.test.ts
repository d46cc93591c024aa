import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { collectMedia, startMediaSweep } from "../src/registry/collect-media.ts";
import { type FakeInbox, insertFollower, openFakeInbox } from "./helpers/fake-inbox.ts";
import { jpeg, makePng, makeWebp } from "./helpers/images.ts";
import { eventually, type Json, startTestServer, type TestServer } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const mebibyte = 1024 * 1024;
let server: TestServer;
let alice: string;
let bob: string;
let inbox: FakeInbox;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({ ARTDAG_USER: "root_a", LIMIT_MEDIA_MIB: "3" });
  alice = await server.register("alice");
  bob = await server.register("bob");
  inbox = await openFakeInbox();
  await insertFollower(server.databaseUrl, "alice", inbox.origin);
});

const hashOf = (bytes: Uint8Array) => createHash("sha3-256").update(bytes).digest("hex");
const newPng = (size?: number) => makePng(16, 12, { seed: ++count, ...(size == null ? {} : { size }) });

async function register(name: string, more: object = {}, token = alice): Promise<Json> {
  const work = { name, content_hash: (++count).toString(16).padStart(64, "c"), asset_type: "image", ...more };
  const { status, body } = await server.json("POST", "/assets", work, token);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.asset;
}

async function put(
  name: string,
  bytes: Uint8Array,
  options: { type?: string; token?: string; to?: TestServer } = {},
): Promise<{ status: number; body: Json }> {
  const { type = "", token = alice, to = server } = options;
  const response = await to.request(`/assets/${encodeURIComponent(name)}/preview`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${token}`, ...(type === "" ? {} : { "Content-Type": type }) },
    body: Buffer.from(bytes),
  });
  return { status: response.status, body: await response.json() };
}

/** Names of the files that are kept, and of writes that have not ended. */
async function listFiles(of = server): Promise<string[]> {
  const folder = path.join(of.dataDirectory, "media");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const fileOf = (hash: string) => path.join(server.dataDirectory, "media", hash.slice(0, 2), hash);
const getMedia = (hash: string, headers: Record<string, string> = {}, method = "GET") =>
  server.request(`/media/${hash}`, { method, headers });

async function countRows(hash: string): Promise<number> {
  return (await query(server.databaseUrl, "select from media where hash = $1", [hash])).length;
}

describe("an image that shows an asset", () => {
  test.each([
    ["image/jpeg", jpeg],
    ["image/png", makePng()],
    ["image/webp", makeWebp("animated")],
  ])("is %s by its bytes, is kept under their hash, and becomes a part of the asset", async (type, bytes) => {
    const name = `shown as ${type.slice(6)}`;
    await register(name);
    const { status, body } = await put(name, bytes, { type });
    expect(status, JSON.stringify(body)).toBe(200);
    const url = `${server.origin}/media/${hashOf(bytes)}`;
    expect(body.asset).toMatchObject({ name, preview_url: url });
    expect(body.activity).toMatchObject({ type: "Update", id: body.asset.latest_activity });
    const response = await server.request(url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    const { mode } = await stat(fileOf(hashOf(bytes)));
    expect(mode & 0o777).toBe(0o600);
  });

  test("is what followers are shown, with its type and size, where the work itself has no address", async () => {
    const asset = await register("sent", { asset_type: "recipe", post: "public", alt: "A square" });
    const bytes = newPng();
    const { body } = await put("sent", bytes);
    const id = `${asset.post}#updates/${body.activity.id.split("/").at(-1)}`;
    const update: Json = await eventually("the Update arrives", async () => {
      const found = inbox.received.find((item) => item.id === id);
      return found == null ? undefined : JSON.parse(found.body);
    });
    expect(update.object.attachment).toMatchObject([
      {
        type: "Image",
        mediaType: "image/png",
        url: `${server.origin}/media/${hashOf(bytes)}`,
        name: "A square",
        width: 16,
        height: 12,
      },
    ]);
  });

  test("keeps its type and size in the post when something else is changed", async () => {
    const asset = await register("kept", { asset_type: "recipe", post: "public" });
    await put("kept", newPng());
    await server.json("PATCH", "/assets/kept", { description: "new words" }, alice);
    const { body } = await server.json("GET", asset.post.slice(server.origin.length));
    expect(body.content).toContain("new words");
    expect(body.attachment).toMatchObject([{ mediaType: "image/png", width: 16, height: 12 }]);
  });

  test("that is sent twice changes nothing the second time", async () => {
    await register("twice");
    const bytes = newPng();
    const first = await put("twice", bytes);
    const again = await put("twice", bytes);
    expect(again).toMatchObject({ status: 200, body: { activity: { id: first.body.activity.id } } });
    expect((await getMedia(hashOf(bytes))).status).toBe(200);
  });

  test("is set by its owner alone", async () => {
    await register("alice's");
    const bytes = newPng();
    expect((await put("alice's", bytes, { token: bob })).status).toBe(404);
    expect((await put("nobody's", bytes)).status).toBe(404);
    expect(
      (await server.request("/assets/alice's/preview", { method: "PUT", body: new Uint8Array(bytes) }))
        .status,
    ).toBe(401);
    expect((await server.json("DELETE", "/assets/alice's/preview", undefined, bob)).status).toBe(404);
    expect(await listFiles()).not.toContain(hashOf(bytes));
  });

  test("may stand at an address that names no image yet, and is kept when it is sent", async () => {
    const bytes = newPng();
    await register("early", { preview_url: `${server.origin}/media/${hashOf(bytes)}` });
    expect((await getMedia(hashOf(bytes))).status).toBe(404);
    expect((await put("early", bytes)).status).toBe(200);
    expect((await getMedia(hashOf(bytes))).status).toBe(200);
  });
});

describe("what is no such image", () => {
  beforeAll(() => register("refused"));
  const html = Buffer.from("<!doctype html><script>alert(1)</script>");
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');

  test.each<[string, Buffer, string, number, RegExp]>([
    ["HTML that says it is PNG", html, "image/png", 415, /JPEG, PNG or WebP/],
    ["SVG", svg, "image/svg+xml", 415, /JPEG, PNG or WebP/],
    ["a GIF", Buffer.from("GIF89a\x01\0\x01\0\0\0\0;", "latin1"), "image/gif", 415, /JPEG, PNG or WebP/],
    ["nothing", Buffer.alloc(0), "image/png", 415, /JPEG, PNG or WebP/],
    ["a PNG that says it is JPEG", newPng(), "image/jpeg", 415, /is image\/png by its bytes/],
    ["a form", newPng(), "application/x-www-form-urlencoded", 415, /is image\/png by its bytes/],
    ["a PNG that is cut off", makePng().subarray(0, -13), "image/png", 422, /no whole image\/png/],
    ["a WebP that is cut off", makeWebp("lossy").subarray(0, -3), "image/webp", 422, /no whole image\/webp/],
    ["a JPEG that is cut off", jpeg.subarray(0, -2), "", 422, /no whole image\/jpeg/],
    ["a PNG of 4,097 pixels", makePng(4097, 1), "image/png", 422, /4097 x 1 pixels; .* at most 4,096/],
    ["one byte more than 1 MiB", makePng(16, 12, { size: mebibyte + 1 }), "image/png", 413, /1 MiB/],
  ])("%s is refused, and says why", async (_name, bytes, type, status, reason) => {
    const answer = await put("refused", bytes, { type });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(reason);
    expect(answer.body.errors).toMatchObject([{ field: "preview" }]);
    expect(await listFiles()).not.toContain(hashOf(bytes));
    expect((await server.json("GET", "/assets/refused")).body.preview_url).toBeNull();
  });

  test("1 MiB and 4,096 pixels are not too many, and some bytes are what they are", async () => {
    await register("most");
    const most = makePng(4096, 4096, { size: mebibyte });
    expect(most.byteLength).toBe(mebibyte);
    expect((await put("most", most, { type: "application/octet-stream" })).status).toBe(200);
    const response = await getMedia(hashOf(most));
    expect(Buffer.from(await response.arrayBuffer()).equals(most)).toBe(true);
    await server.json("DELETE", "/assets/most", undefined, alice);
  });

  test("an image with a page behind its end is served as the image it is, never as a document", async () => {
    await register("polyglot");
    const bytes = Buffer.concat([newPng(), html]);
    expect((await put("polyglot", bytes, { type: "image/png" })).status).toBe(200);
    const { headers } = await getMedia(hashOf(bytes), { Accept: "text/html" });
    expect(headers.get("content-type")).toBe("image/png");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(headers.get("content-disposition")).toBe("inline");
  });
});

describe("an image at its address", () => {
  const bytes = makePng(16, 12, { seed: 5000, size: 200_000 });
  const hash = hashOf(bytes);
  beforeAll(async () => {
    await register("served");
    await put("served", bytes);
  });

  test("may be kept for ever, and is not sent again to those who have it", async () => {
    const { headers } = await getMedia(hash);
    expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(headers.get("etag")).toBe(`"${hash}"`);
    expect(headers.get("content-length")).toBe("200000");
    for (const known of [`"${hash}"`, `"other", W/"${hash}"`, "*"]) {
      const response = await getMedia(hash, { "If-None-Match": known });
      expect([response.status, await response.text()]).toEqual([304, ""]);
    }
    expect((await getMedia(hash, { "If-None-Match": '"other"' })).status).toBe(200);
  });

  test("answers HEAD as it answers GET, without the image", async () => {
    const response = await getMedia(hash, { Range: "bytes=0-1" }, "HEAD");
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("content-length")).toBe("200000");
    expect(response.headers.get("accept-ranges")).toBe("bytes");
  });

  test.each([
    ["bytes=0-0", 0, 0],
    ["bytes=65535-131072", 65_535, 131_072],
    ["bytes=199000-", 199_000, 199_999],
    ["bytes=-7", 199_993, 199_999],
  ])("gives the part %s", async (range, start, end) => {
    const response = await getMedia(hash, { Range: range, "If-Range": `"${hash}"` });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end}/200000`);
    const part = Buffer.from(await response.arrayBuffer());
    expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test("gives the whole to those who have parts of something else", async () => {
    for (const other of ['"other"', `W/"${hash}"`, "Sun, 22 Nov 2026 12:00:00 GMT"]) {
      const response = await getMedia(hash, { Range: "bytes=0-1", "If-Range": other });
      expect(response.status).toBe(200);
      expect((await response.arrayBuffer()).byteLength).toBe(200_000);
    }
  });

  test("says how long it is to those who ask for what lies behind its end", async () => {
    const response = await getMedia(hash, { Range: "bytes=200000-" });
    expect(response.status).toBe(416);
    expect(response.headers.get("content-range")).toBe("bytes */200000");
    expect(response.headers.get("cache-control")).toBeNull();
  });

  test.each(["f".repeat(64), "x", "..%2f..%2fkeys", "A".repeat(64)])("%s is none", async (path) => {
    expect((await getMedia(path)).status).toBe(404);
  });

  test("leaves no file open, whoever goes away in the middle", async () => {
    const large = newPng(mebibyte);
    await register("large");
    await put("large", large);
    const countOpen = async () => {
      const numbers = await readdir("/proc/self/fd");
      const targets = await Promise.all(
        numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => "")),
      );
      return targets.filter((target) => target.endsWith(hashOf(large))).length;
    };
    const kept: unknown[] = [];
    for (let round = 0; round < 20; round++) {
      await getMedia(hashOf(large), {}, "HEAD");
      const abort = new AbortController();
      const response = await server.request(`/media/${hashOf(large)}`, { signal: abort.signal });
      kept.push(response);
      abort.abort();
    }
    // Long after that, files that nobody closes are closed as garbage.
    const ask = async () => ((await countOpen()) === 0 ? kept.length : undefined);
    expect(await eventually("the files are closed", ask, 1000)).toBe(20);
    await server.json("DELETE", "/assets/large", undefined, alice);
  });
});

describe("an image that shows nothing any more", () => {
  const gone = { status: 404, file: false, rows: 0 };

  async function findTraces(hash: string) {
    const { status } = await getMedia(hash);
    return { status, file: (await listFiles()).includes(hash), rows: await countRows(hash) };
  }

  test("is deleted when it is removed, and the post says so", async () => {
    await register("removed");
    const hash = hashOf(newPng());
    const bytes = makePng(16, 12, { seed: count });
    await put("removed", bytes);
    expect(await listFiles()).toContain(hash);
    const { status, body } = await server.json("DELETE", "/assets/removed/preview", undefined, alice);
    expect(status).toBe(200);
    expect(body).toMatchObject({ asset: { preview_url: null }, activity: { type: "Update" } });
    expect(await findTraces(hash)).toEqual(gone);
  });

  test("is deleted when another takes its place, here or elsewhere", async () => {
    await register("replaced");
    const [first, second] = [newPng(), newPng()];
    await put("replaced", first);
    await put("replaced", second);
    expect(await findTraces(hashOf(first))).toEqual(gone);
    expect((await getMedia(hashOf(second))).status).toBe(200);
    await server.json("PATCH", "/assets/replaced", { preview_url: "https://media.example/p.png" }, alice);
    expect(await findTraces(hashOf(second))).toEqual(gone);
  });

  test("is deleted when its asset is withdrawn, and not before the last one is", async () => {
    await register("first of two");
    await register("second of two", {}, bob);
    const bytes = newPng();
    await put("first of two", bytes);
    await put("second of two", bytes, { token: bob });
    await server.json("DELETE", "/assets/first%20of%20two", undefined, alice);
    expect((await getMedia(hashOf(bytes))).status).toBe(200);
    const [row] = await query(server.databaseUrl, "select unused from media where hash = $1", [
      hashOf(bytes),
    ]);
    expect(row).toEqual({ unused: null });
    await server.json("DELETE", "/assets/second%20of%20two", undefined, bob);
    expect(await findTraces(hashOf(bytes))).toEqual(gone);
  });

  test("is deleted whatever took its asset away", async () => {
    await register("erased", {}, bob);
    const bytes = newPng();
    await put("erased", bytes, { token: bob });
    await query(server.databaseUrl, "delete from assets where name = 'erased'");
    const { registry } = server.resources.web;
    await startMediaSweep(registry)();
    expect(await findTraces(hashOf(bytes))).toEqual(gone);
  });

  test("stays for an asset that has named its address", async () => {
    await register("origin");
    const bytes = newPng();
    const { body } = await put("origin", bytes);
    await register("borrower", { preview_url: body.asset.preview_url });
    await server.json("DELETE", "/assets/origin", undefined, alice);
    expect((await getMedia(hashOf(bytes))).status).toBe(200);
  });
});

describe("after a crash", () => {
  const sweep = () => startMediaSweep(server.resources.web.registry)();

  test("a file that nothing was noted of is deleted, and one that was is kept", async () => {
    await register("survivor");
    const kept = newPng();
    await put("survivor", kept);
    const lost = newPng();
    const incoming = path.join(server.dataDirectory, "media", "incoming");
    await mkdir(path.dirname(fileOf(hashOf(lost))), { recursive: true });
    await writeFile(fileOf(hashOf(lost)), lost);
    for (const bytes of [lost, kept]) {
      await writeFile(path.join(incoming, `${hashOf(bytes)}.${crypto.randomUUID()}`), bytes.subarray(0, 9));
    }
    await sweep();
    const files = await listFiles();
    expect(files).not.toContain(hashOf(lost));
    expect(files).toContain(hashOf(kept));
    expect(files.filter((name) => name.includes("."))).toEqual([]);
  });

  test("a file that is gone is written again when it is sent again", async () => {
    await register("healed");
    const bytes = newPng();
    await put("healed", bytes);
    await rm(fileOf(hashOf(bytes)));
    await put("healed", bytes);
    expect((await readFile(fileOf(hashOf(bytes)))).equals(bytes)).toBe(true);
  });
});

describe("a user's room", () => {
  test("is for so many MiB, of which what is replaced takes none", async () => {
    const token = await server.register("carol");
    const large = () => newPng(mebibyte - 1000);
    for (const name of ["one", "two", "three", "four"]) await register(`carol ${name}`, {}, token);
    for (const name of ["one", "two", "three"]) {
      expect((await put(`carol ${name}`, large(), { token })).status).toBe(200);
    }
    const bytes = large();
    const { status, body } = await put("carol four", bytes, { token });
    expect(status).toBe(422);
    expect(body.detail).toBe("The preview takes more than the 3 MiB that are kept for you.");
    expect(await listFiles()).not.toContain(hashOf(bytes));
    expect((await put("carol three", bytes, { token })).status).toBe(200);
    // The same image again takes no room.
    expect((await put("carol four", bytes, { token })).status).toBe(200);
  });
});

describe("a form", () => {
  const page = { Accept: "text/html" };
  const form = (fields: Record<string, string | Uint8Array<ArrayBuffer>>, type = "image/png") => {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === "string") body.set(name, value);
      else body.set(name, new Blob([value], { type }), "picture");
    }
    return body;
  };
  const post = (path: string, body: FormData, token = alice) =>
    server.request(path, { method: "POST", body, headers: { ...page, Authorization: `Bearer ${token}` } });
  const newWork = () => ({ content_hash: (++count).toString(16).padStart(64, "d"), asset_type: "image" });

  test("registers a work with the preview that shows it, in the post as well", async () => {
    const bytes = newPng();
    const fields = { ...newWork(), name: "with a form", tags: "a, b", preview: new Uint8Array(bytes) };
    const response = await post("/new", form(fields));
    expect([response.status, response.headers.get("location")]).toEqual([303, "/asset/with%20a%20form"]);
    const url = `${server.origin}/media/${hashOf(bytes)}`;
    const { body } = await server.json("GET", "/assets/with%20a%20form");
    expect(body).toMatchObject({ preview_url: url, tags: ["a", "b"], updated_at: null });
    const { body: note } = await server.json("GET", body.post.slice(server.origin.length));
    expect(note.attachment).toMatchObject([{ mediaType: "image/png", url }]);
    const gallery = await (await server.request("/assets", { headers: page })).text();
    expect(gallery).toContain(`<img src="${url}"`);
  });

  test("takes a file that was not chosen for none", async () => {
    const boundary = "x".repeat(20);
    const fields = Object.entries({ ...newWork(), name: "no file" }).map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="preview"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n`;
    const response = await server.request("/new", {
      method: "POST",
      body: `${fields.join("")}${file}--${boundary}--\r\n`,
      headers: {
        ...page,
        Authorization: `Bearer ${alice}`,
        "Content-Type": `multipart/form-data; boundary=${boundary}`,
      },
    });
    expect(response.headers.get("location")).toBe("/asset/no%20file");
    expect((await server.json("GET", "/assets/no%20file")).body.preview_url).toBeNull();
  });

  test("registers neither where one can't be, and shows what was typed", async () => {
    const bad = { ...newWork(), name: "half", preview: new TextEncoder().encode("<svg/>") };
    const refused = await post("/new", form(bad, "image/svg+xml"));
    const html = await refused.text();
    expect(refused.status).toBe(415);
    expect(html).toContain('<a href="#field-preview">Preview: must be a JPEG, PNG or WebP image</a>');
    expect(html).toContain('value="half"');
    expect((await server.json("GET", "/assets/half")).status).toBe(404);

    await register("taken");
    const bytes = newPng();
    const taken = await post("/new", form({ ...newWork(), name: "taken", preview: new Uint8Array(bytes) }));
    expect(taken.status).toBe(409);
    expect(await listFiles()).not.toContain(hashOf(bytes));
    expect(await countRows(hashOf(bytes))).toBe(0);
  });

  test("is read up to its limit, and no further", async () => {
    const large = { ...newWork(), name: "large", preview: new Uint8Array(1.5 * mebibyte) };
    const response = await post("/new", form(large));
    expect(response.status).toBe(413);
    expect(await response.text()).toContain("at most 1 MiB, and the rest of the form 256 KiB");
    const broken = await server.request("/new", {
      method: "POST",
      body: "--x--",
      headers: { Authorization: `Bearer ${alice}`, "Content-Type": "multipart/form-data" },
    });
    expect(broken.status).toBe(400);
  });

  test("sets and removes the preview of a work, for its owner alone", async () => {
    await register("by hand");
    const shown = async (token: string) => {
      const headers = { ...page, Authorization: `Bearer ${token}` };
      return await (await server.request("/asset/by%20hand", { headers })).text();
    };
    const action = 'action="/assets/by%20hand/preview"';
    expect(await shown(alice)).toContain(action);
    expect(await shown(bob)).not.toContain(action);

    const path = "/assets/by%20hand/preview";
    const bytes = newPng();
    const set = await post(path, form({ preview: new Uint8Array(bytes) }));
    expect([set.status, set.headers.get("location")]).toEqual([303, "/asset/by%20hand"]);
    expect(await shown(bob)).toContain(`/media/${hashOf(bytes)}`);
    expect((await post(path, form({ preview: new Uint8Array(bytes) }), bob)).status).toBe(404);

    const wrong = await post(path, form({ preview: new TextEncoder().encode("GIF89a") }));
    expect(wrong.status).toBe(415);
    expect(await wrong.text()).toContain('<a href="#field-preview">Preview: must be a JPEG');
    const empty = await post(path, form({}));
    expect([empty.status, (await empty.text()).includes("Preview: is missing")]).toEqual([422, true]);

    expect((await post(path, form({ remove: "yes" }))).status).toBe(303);
    expect(await listFiles()).not.toContain(hashOf(bytes));
  });
});

describe("two servers with one database and one directory", () => {
  test("don't take an image away that the other one is putting there", async () => {
    await register("contended");
    const bytes = newPng();
    const hash = hashOf(bytes);
    await put("contended", bytes);
    await query(server.databaseUrl, "delete from previews where hash = $1", [hash]);
    const { registry } = server.resources.web;
    const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const mediaFiles = {
      ...registry.mediaFiles,
      async remove(which: string) {
        reached.resolve();
        await gate.promise;
        await registry.mediaFiles.remove(which);
      },
    };
    const collected = collectMedia({ db: registry.db, mediaFiles });
    await reached.promise;
    const putting = put("contended", bytes);
    await new Promise((resolve) => setTimeout(resolve, 500));
    gate.resolve();
    await collected;
    expect((await putting).status).toBe(200);
    expect((await getMedia(hash)).status).toBe(200);
    expect(await listFiles()).toContain(hash);
  });

  test("set, replace and remove the same images at once, and nothing is lost or left", async () => {
    const other = await startTestServer({
      ARTDAG_USER: "root_a",
      DATABASE_URL: server.databaseUrl,
      ARTDAG_DATA: server.dataDirectory,
      ARTDAG_ORIGIN: server.origin,
    });
    const addresses = [server.address, other.address];
    const names = Array.from({ length: 6 }, (_, at) => `shared ${at}`);
    for (const name of names) await register(name, { post: "none" });
    const images = [newPng(), newPng(), newPng()];
    const operate = async (at: number) => {
      const address = addresses[at % 2] ?? "";
      const name = encodeURIComponent(names[(at * 5) % names.length] ?? "");
      const image = images[(at * 7) % 4];
      const response = await fetch(`${address}/assets/${name}/preview`, {
        method: image == null ? "DELETE" : "PUT",
        headers: { Authorization: `Bearer ${alice}` },
        body: image == null ? null : new Uint8Array(image),
      });
      expect(response.status, await response.text()).toBe(200);
    };
    for (let round = 0; round < 12; round++) {
      await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((at) => operate(round * 8 + at + round)));
    }
    await startMediaSweep(other.resources.web.registry)();
    const shown = new Set<string>();
    for (const name of names) {
      const { body } = await server.json("GET", `/assets/${encodeURIComponent(name)}`);
      if (body.preview_url != null) shown.add(body.preview_url.split("/").at(-1));
    }
    const files = await listFiles();
    for (const image of images) {
      const hash = hashOf(image);
      expect([hash, files.includes(hash)]).toEqual([hash, shown.has(hash)]);
      expect((await getMedia(hash)).status).toBe(shown.has(hash) ? 200 : 404);
    }
    expect(files.filter((name) => name.includes("."))).toEqual([]);
  });
});
