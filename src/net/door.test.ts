import { gzipSync, brotliCompressSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDoor, DoorError, type Door, type DoorOptions, type DoorReason } from "./door.ts";
import { startServer, type FakeServer } from "./server.test-helper.ts";

function openDoor(options: Partial<DoorOptions> = {}): Door {
  const door = createDoor({ userAgent: "test/1", allowPrivate: true, ...options });
  onTestFinished(() => door.close());
  return door;
}

function failing(reason: DoorReason): unknown {
  return expect.objectContaining({ name: "DoorError", reason });
}

function fail(message: string): never {
  throw new RangeError(message);
}

/** A server whose `/0` redirects to `/1` and so on until `/{length}`. */
async function startChain(length: number): Promise<FakeServer> {
  return await startServer((request, response) => {
    const step = Number(request.url?.slice(1));
    if (step < length) response.writeHead(302, { location: `/${step + 1}` }).end("elsewhere");
    else response.end("here");
  });
}

describe("requests", () => {
  test("a body is sent byte for byte, with the given headers and the URL's host", async () => {
    const server = await startServer((_, response) => response.writeHead(202).end());
    const body = Uint8Array.from([0, 255, 13, 10, 0xc3, 0x28]);
    const headers = { "content-type": "application/activity+json", host: "evil.test", "content-length": "1" };
    const answer = await openDoor().fetch(`${server.origin}/inbox?a=b#c`, { method: "post", headers, body });

    expect(answer).toMatchObject({ status: 202, url: `${server.origin}/inbox?a=b` });
    expect(server.received).toHaveLength(1);
    const [received] = server.received;
    expect(received).toMatchObject({ method: "POST", url: "/inbox?a=b", body: Buffer.from(body) });
    expect(received?.headers).toMatchObject({
      "content-type": "application/activity+json",
      "content-length": "6",
      "user-agent": "test/1",
      host: `127.0.0.1:${server.port}`,
    });
  });

  test("a standard Request is sent as it is", async () => {
    const server = await startServer((_, response) => response.end());
    const request = new Request(`${server.origin}/x`, {
      method: "PUT",
      headers: { "x-a": "1", "user-agent": "own" },
      body: "é",
    });
    await openDoor().fetch(request);
    expect(server.received[0]).toMatchObject({ method: "PUT", url: "/x", body: Buffer.from("é") });
    expect(server.received[0]?.headers).toMatchObject({ "x-a": "1", "user-agent": "own" });
  });

  test("an error status is an answer", async () => {
    const server = await startServer((_, response) =>
      response.writeHead(410, { "x-why": "gone" }).end("bye"),
    );
    const answer = await openDoor().fetch(server.origin);
    expect([answer.status, answer.headers.get("x-why"), answer.text()]).toEqual([410, "gone", "bye"]);
  });

  test("a cookie is not sent back", async () => {
    const server = await startServer((_, response) => response.setHeader("set-cookie", "a=b").end());
    const door = openDoor();
    await door.fetch(server.origin);
    await door.fetch(server.origin);
    expect(server.received.map(({ headers }) => headers["cookie"])).toEqual([undefined, undefined]);
  });

  test("a refused connection, an unknown name and an answer that is no HTTP are network errors", async () => {
    const server = await startServer((request) => request.socket.end("hello\r\n\r\n"));
    await expect(openDoor().fetch("http://127.0.0.1:1/")).rejects.toEqual(failing("network"));
    await expect(
      openDoor({ lookup: async () => fail("no such name") }).fetch("http://a.test/"),
    ).rejects.toThrow(/a\.test.*no such name/u);
    await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("network"));
  });

  test("an error names the URL, but neither its query nor its user", async () => {
    const error = await openDoor()
      .fetch("http://alice:secret@127.0.0.1:1/path?token=secret")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DoorError);
    expect(String(error)).toContain("http://127.0.0.1:1/path");
    expect(String(error)).not.toContain("secret");
    expect(error).toMatchObject({ reason: "scheme", url: "http://127.0.0.1:1/path?token=secret" });
  });

  test("a closed door cuts what does not end in time", async () => {
    const server = await startServer(() => {});
    const door = createDoor({ userAgent: "test/1", allowPrivate: true });
    const ended = door.fetch(server.origin).catch((error: unknown) => error);
    await expect.poll(() => server.received.length).toBe(1);
    await door.close(50);
    expect(await ended).toEqual(failing("network"));
    await expect(door.fetch(server.origin)).rejects.toEqual(failing("network"));
  });
});

describe("addresses", () => {
  test.each([
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "１２７.0.0.1",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "169.254.169.254",
    "localhost",
    "LOCALHOST",
  ])("T10 https://%s is not connected to", async (host) => {
    const server = await startServer((_, response) => response.end());
    const door = openDoor({ allowPrivate: false });
    await expect(door.fetch(`https://${host}:${server.port}/`)).rejects.toEqual(failing("address"));
    expect(server.connections()).toBe(0);
  });

  const loopback = { address: "127.0.0.1", family: 4 } as const;
  // Public by its block, but nobody has it: a test must not send packets to anybody.
  const nobody = { address: "2e00:dead::1", family: 6 } as const;

  test.each([
    ["a private address", [loopback]],
    ["a v4-mapped one", [{ address: "::ffff:127.0.0.1", family: 6 } as const]],
    ["a public and a private one", [nobody, loopback]],
    ["a private and a public one", [loopback, nobody]],
  ])("T10 a name with %s is not connected to", async (_, addresses) => {
    const server = await startServer((_request, response) => response.end());
    const door = openDoor({ allowPrivate: false, lookup: async () => addresses });
    await expect(door.fetch(`https://remote.test:${server.port}/`)).rejects.toEqual(failing("address"));
    expect(server.connections()).toBe(0);
  });

  test("T12 a name that is public first and loopback then is never connected to at loopback", async () => {
    const server = await startServer((_, response) => response.end());
    let lookups = 0;
    const lookup = async (): Promise<[typeof nobody | typeof loopback]> => [
      lookups++ === 0 ? nobody : loopback,
    ];
    const door = openDoor({ allowPrivate: false, lookup, limits: { connect: 300 } });
    const url = `https://remote.test:${server.port}/`;
    // What was looked up first is also what is connected to: there is no second look-up in between.
    await expect(door.fetch(url)).rejects.toBeInstanceOf(DoorError);
    expect(lookups).toBe(1);
    await expect(door.fetch(url)).rejects.toEqual(failing("address"));
    expect(lookups).toBe(2);
    expect(server.connections()).toBe(0);
  });

  test("a trusted origin is reached at a private address, its neighbours are not", async () => {
    const [trusted, other] = [
      await startServer((_, response) => response.end("in")),
      await startServer((_, response) => response.end()),
    ];
    const door = openDoor({ allowPrivate: false, trustedOrigins: [`${trusted.origin}/`] });
    expect((await door.fetch(trusted.origin)).text()).toBe("in");
    await expect(door.fetch(other.origin)).rejects.toEqual(failing("scheme"));
    await expect(door.fetch(`https://127.0.0.1:${trusted.port}`)).rejects.toEqual(failing("address"));
    expect(other.connections()).toBe(0);
  });

  test("names are resolved where private addresses are allowed", async () => {
    const server = await startServer((_, response) => response.end());
    const asked: string[] = [];
    const lookup = async (name: string): Promise<[typeof loopback]> => {
      asked.push(name);
      return [loopback];
    };
    await openDoor({ lookup }).fetch(`http://alice.test:${server.port}/`);
    expect(asked).toEqual(["alice.test"]);
    expect(server.received[0]?.headers["host"]).toBe(`alice.test:${server.port}`);
  });

  test.each(["http://remote.test/", "ftp://remote.test/", "file:///etc/passwd", "data:,x", "nonsense"])(
    "%s is not requested",
    async (url) => {
      await expect(
        openDoor({ allowPrivate: false, lookup: async () => fail("looked up") }).fetch(url),
      ).rejects.toEqual(failing("scheme"));
    },
  );
});

describe("redirects", () => {
  test("T13 three redirects are followed", async () => {
    const server = await startChain(3);
    const answer = await openDoor().fetch(`${server.origin}/0`);
    expect([answer.text(), answer.url]).toEqual(["here", `${server.origin}/3`]);
  });

  test("T13 the fourth redirect is not followed", async () => {
    const server = await startChain(4);
    await expect(openDoor().fetch(`${server.origin}/0`)).rejects.toEqual(failing("redirect"));
    expect(server.received).toHaveLength(4);
  });

  test("T13 a redirect to a private address is not followed", async () => {
    const hidden = await startServer((_, response) => response.end());
    const location = `http://localhost:${hidden.port}/`;
    const server = await startServer((_, response) => response.writeHead(301, { location }).end());
    const door = openDoor({ allowPrivate: false, trustedOrigins: [server.origin] });
    await expect(door.fetch(server.origin)).rejects.toBeInstanceOf(DoorError);
    expect(server.received).toHaveLength(1);
    expect(hidden.connections()).toBe(0);
  });

  test.each(["https://127.0.0.1:1/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://"])(
    "T13 a redirect to %s is not followed",
    async (location) => {
      const server = await startServer((_, response) => response.writeHead(307, { location }).end());
      await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("redirect"));
    },
  );

  test("a redirect to a URL with a user name is not followed", async () => {
    const location = "http://a:b@127.0.0.1:1/";
    const server = await startServer((_, response) => response.writeHead(307, { location }).end());
    await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("scheme"));
  });

  test.each([301, 302, 303, 307, 308])("a POST does not follow a %i, which is its answer", async (status) => {
    const server = await startServer((_, response) => response.writeHead(status, { location: "/b" }).end());
    const answer = await openDoor().fetch(`${server.origin}/a`, { method: "POST", body: "x" });
    expect([answer.status, answer.headers.get("location")]).toEqual([status, "/b"]);
    expect(server.received).toHaveLength(1);
  });

  test("a redirect is an error or the answer where the caller says so", async () => {
    const server = await startChain(1);
    const door = openDoor();
    await expect(door.fetch(`${server.origin}/0`, { redirect: "error" })).rejects.toEqual(
      failing("redirect"),
    );
    expect((await door.fetch(`${server.origin}/0`, { redirect: "manual" })).status).toBe(302);
    expect(server.received).toHaveLength(2);
  });

  test("every hop is announced and signed anew, without what was signed before", async () => {
    const server = await startChain(2);
    const hops: string[] = [];
    const given: (string | null)[] = [];
    await openDoor().fetch(`${server.origin}/0`, {
      headers: { accept: "x/y" },
      onHop: (url) => hops.push(url.pathname),
      sign: async (request) => {
        given.push(request.headers.get("signature"));
        const signed = new Request(request);
        signed.headers.set("signature", `for ${request.method} ${request.url}`);
        return signed;
      },
    });
    expect(hops).toEqual(["/0", "/1", "/2"]);
    expect(given).toEqual([null, null, null]);
    expect(server.received.map(({ headers }) => [headers["accept"], headers["signature"]])).toEqual(
      ["/0", "/1", "/2"].map((path) => ["x/y", `for GET ${server.origin}${path}`]),
    );
  });

  test("the signed headers and body are sent, and a failing signer's error comes through", async () => {
    const server = await startServer((_, response) => response.end());
    const init = { method: "POST", body: "as signed" };
    await openDoor().fetch(server.origin, {
      ...init,
      sign: async (request) => new Request(request, { headers: { digest: "d" } }),
    });
    expect(server.received[0]).toMatchObject({ method: "POST", body: Buffer.from("as signed") });
    expect(server.received[0]?.headers).toMatchObject({ digest: "d" });

    const failingFetch = openDoor().fetch(server.origin, { ...init, sign: async () => fail("no key") });
    await expect(failingFetch).rejects.toEqual(new RangeError("no key"));
    expect(server.received).toHaveLength(1);
  });

  test("another origin does not get to see credentials", async () => {
    const other = await startServer((_, response) => response.end());
    const server = await startServer((_, response) =>
      response.writeHead(302, { location: other.origin }).end(),
    );
    const headers = { authorization: "Bearer t", cookie: "a=b", signature: "s", "x-other": "kept" };
    await openDoor().fetch(server.origin, { headers });
    expect(server.received[0]?.headers).toMatchObject({ authorization: "Bearer t" });
    expect(other.received[0]?.headers).toMatchObject({ "x-other": "kept" });
    expect(Object.keys(other.received[0]?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:authorization|cookie|signature)$/u)]),
    );
  });
});

describe("limits", () => {
  test("T14 headers that do not come are a timeout", async () => {
    const server = await startServer(() => {});
    const door = openDoor({ limits: { headers: 100 } });
    await expect(door.fetch(server.origin)).rejects.toEqual(failing("timeout"));
  });

  test("T14 a body that stops is a timeout", async () => {
    const server = await startServer((_, response) => response.write("a"));
    const door = openDoor({ limits: { idle: 100 } });
    await expect(door.fetch(server.origin)).rejects.toEqual(failing("timeout"));
  });

  test("T14 a body that trickles is cut after the total time, and its connection closed", async () => {
    const closed = Promise.withResolvers<void>();
    const server = await startServer((_, response) => {
      const timer = setInterval(() => response.write("a"), 20);
      response.on("close", () => {
        clearInterval(timer);
        closed.resolve();
      });
    });
    const start = performance.now();
    await expect(openDoor({ limits: { total: 200 } }).fetch(server.origin)).rejects.toEqual(
      failing("timeout"),
    );
    expect(performance.now() - start).toBeLessThan(2_000);
    await closed.promise;
  });

  test("T14 redirects do not start the total time anew", async () => {
    const server = await startServer((_, response) => {
      setTimeout(() => response.writeHead(302, { location: "/" }).end(), 100);
    });
    const door = openDoor();
    await expect(door.fetch(server.origin, { totalTimeout: 250 })).rejects.toEqual(failing("timeout"));
    expect(server.received.length).toBeLessThan(4);
  });

  test("T14 a name lookup that does not end is a timeout", async () => {
    const door = openDoor({ lookup: () => new Promise(() => {}), limits: { total: 100, connect: 300 } });
    const start = performance.now();
    await expect(door.fetch("http://slow.test/")).rejects.toEqual(failing("timeout"));
    expect(performance.now() - start).toBeLessThan(250);
  });

  test("T15 a body of exactly the limit is read, one byte more is refused", async () => {
    const server = await startServer((request, response) =>
      response.end("x".repeat(Number(request.url?.slice(1)))),
    );
    const door = openDoor({ limits: { maxBytes: 1_000 } });
    expect((await door.fetch(`${server.origin}/1000`)).body).toHaveLength(1_000);
    await expect(door.fetch(`${server.origin}/1001`)).rejects.toEqual(failing("too_large"));
    expect((await door.fetch(`${server.origin}/1001`, { maxBytes: 1_001 })).body).toHaveLength(1_001);
  });

  test("T15 an endless body is cut at a mebibyte", async () => {
    const closed = Promise.withResolvers<void>();
    let written = 0;
    const server = await startServer((_, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on("drain", write).on("close", closed.resolve);
      write();
    });
    await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("too_large"));
    await closed.promise;
    expect(written).toBeLessThan(50 * 1024 * 1024);
  });

  test("T15 a gzip bomb is aborted early", async () => {
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const server = await startServer((_, response) =>
      response.setHeader("content-encoding", "gzip").end(bomb),
    );
    const door = openDoor();
    const before = process.memoryUsage().rss;
    await expect(door.fetch(server.origin)).rejects.toEqual(failing("too_large"));
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
  });

  test("T15 compressed bytes that decode to nothing are counted too", async () => {
    // Empty gzip members one after the other: endless, and zero bytes long when decoded.
    const nothing = Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync("")));
    const server = await startServer((_, response) =>
      response.setHeader("content-encoding", "gzip").end(nothing),
    );
    await expect(openDoor({ limits: { maxBytes: 1_000 } }).fetch(server.origin)).rejects.toEqual(
      failing("too_large"),
    );
  });

  test.each([
    ["gzip", gzipSync("hello")],
    ["X-GZIP", gzipSync("hello")],
    ["br", brotliCompressSync("hello")],
    ["identity", Buffer.from("hello")],
  ])("an answer in %s is decoded", async (coding, bytes) => {
    const server = await startServer((_, response) =>
      response.setHeader("content-encoding", coding).end(bytes),
    );
    expect((await openDoor().fetch(server.origin)).text()).toBe("hello");
  });

  test.each(["deflate", "gzip, gzip", "zstd"])(
    "an answer in %s was not asked for and is refused",
    async (coding) => {
      const server = await startServer((_, response) =>
        response.setHeader("content-encoding", coding).end("x"),
      );
      await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("network"));
    },
  );

  test.each(["gzip", "br"])("an empty answer may name %s as its coding", async (coding) => {
    const server = await startServer((_, response) =>
      response.writeHead(202, { "content-encoding": coding }).end(),
    );
    const answer = await openDoor().fetch(server.origin, { method: "POST", body: "x" });
    expect([answer.status, answer.body.length]).toEqual([202, 0]);
  });

  test("bytes that are not gzip are a network error", async () => {
    const server = await startServer((_, response) =>
      response.setHeader("content-encoding", "gzip").end("plain"),
    );
    await expect(openDoor().fetch(server.origin)).rejects.toEqual(failing("network"));
  });
});
