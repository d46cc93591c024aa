import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { createDoor, type Door, type DoorOptions } from "./door.ts";
import { startServer } from "./server.test-helper.ts";

function openDoor(limits: DoorOptions["limits"] = {}): Door {
  const door = createDoor({ userAgent: "test/1", allowPrivate: true, limits });
  onTestFinished(() => door.close());
  return door;
}

test("a body is handed on piece by piece, decompressed, and kept by nobody", async () => {
  const text = "x".repeat(3_000_000);
  const server = await startServer((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip", "x-a": "b" }).end(gzipSync(text)),
  );
  const pieces: string[] = [];
  const seen = new Set<string | null>();
  const answer = await openDoor().fetch(server.origin, {
    maxBytes: text.length,
    take(piece, headers) {
      pieces.push(Buffer.from(piece).toString());
      seen.add(headers.get("x-a"));
    },
  });
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe(text);
  expect([...seen]).toEqual(["b"]);
  expect([answer.status, answer.body.length]).toEqual([200, 0]);
});

test("a body that is handed on may take longer than other answers, but not fall silent", async () => {
  const server = await startServer((request, response) => {
    response.write("a");
    if (request.url === "/slow") setTimeout(() => response.end("b"), 600);
  });
  const door = openDoor({ total: 200, idle: 1_000 });
  let text = "";
  const take = (piece: Uint8Array) => void (text += Buffer.from(piece).toString());
  await door.fetch(`${server.origin}/slow`, { take, totalTimeout: Infinity });
  expect(text).toBe("ab");
  const silent = door.fetch(`${server.origin}/silent`, { take, totalTimeout: Infinity });
  await expect(silent).rejects.toMatchObject({ name: "DoorError", reason: "timeout" });
});

test("handing on ends at the limit, and with what the taker throws", async () => {
  const server = await startServer((_, response) => response.end("x".repeat(100)));
  const tooLarge = openDoor().fetch(server.origin, { take: () => undefined, maxBytes: 99 });
  await expect(tooLarge).rejects.toMatchObject({ reason: "too_large" });
  const enough = new RangeError("enough");
  const thrown = openDoor().fetch(server.origin, {
    take() {
      throw enough;
    },
  });
  await expect(thrown).rejects.toMatchObject({ name: "DoorError", cause: enough });
});

test("the body of an error, or one that is to be left, is not read", async () => {
  const closed: Promise<unknown>[] = [];
  const server = await startServer((request, response) => {
    closed.push(new Promise((resolve) => response.once("close", resolve)));
    response.writeHead(request.url === "/error" ? 500 : 200, { "x-a": "b" });
    response.write("the beginning of an endless body");
  });
  const pieces: Uint8Array[] = [];
  const take = (piece: Uint8Array) => void pieces.push(piece);
  const error = await openDoor().fetch(`${server.origin}/error`, { take });
  const left = await openDoor().fetch(server.origin, { take: "leave" });
  expect([error.status, left.status, left.headers.get("x-a"), left.body.length]).toEqual([500, 200, "b", 0]);
  expect(pieces).toEqual([]);
  expect(await Promise.all(closed)).toHaveLength(2);
});
