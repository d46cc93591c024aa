import { FetchError, preloadedContexts } from "@fedify/vocab-runtime";
import { onTestFinished, describe, expect, test } from "vitest";
import type { RequestListener } from "node:http";
import { createDocumentLoader, createDocuments, type DocumentReason, type Documents } from "./documents.ts";
import type { DocumentsOptions } from "./documents.ts";
import { createDoor, type Door } from "./door.ts";
import { startServer, type FakeServer } from "./server.test-helper.ts";

function openDoor(): Door {
  const door = createDoor({
    userAgent: "test/1",
    allowPrivate: true,
    lookup: async () => [{ address: "127.0.0.1", family: 4 }],
  });
  onTestFinished(() => door.close());
  return door;
}

function open(options?: DocumentsOptions): Documents {
  return createDocuments(openDoor(), options);
}

function failing(reason: DocumentReason): unknown {
  return expect.objectContaining({ name: "DocumentError", reason });
}

/** A server of documents by path; a function is given the server's origin. Other paths are 404. */
async function serve(
  documents: Record<string, unknown>,
  contentType = "application/activity+json",
): Promise<FakeServer> {
  const listener: RequestListener = (request, response) => {
    const found = documents[request.url ?? ""];
    if (found === undefined) return response.writeHead(404).end();
    const document: unknown = typeof found === "function" ? found(server.origin) : found;
    response.setHeader("content-type", contentType);
    return response.end(typeof document === "string" ? document : JSON.stringify(document));
  };
  const server = await startServer(listener);
  return server;
}

const actorAt = (path: string) => (origin: string) => ({ id: `${origin}${path}`, type: "Person" });

async function signWithS(request: Request): Promise<Request> {
  request.headers.set("signature", "s");
  return request;
}

describe("documents", () => {
  test("a document comes as JSON and exactly as it was sent", async () => {
    const server = await serve({
      "/a": (origin: string) => `{ "id":"${origin}/a",\n "n": 1.0, "é": "\\u00e9" }\n`,
    });
    const { url, text, json } = await open().fetchDocument(`${server.origin}/a`);
    expect(url).toBe(`${server.origin}/a`);
    expect(text).toBe(`{ "id":"${server.origin}/a",\n "n": 1.0, "é": "\\u00e9" }\n`);
    expect(json).toEqual({ id: url, n: 1, é: "é" });
    expect(server.received[0]?.headers["accept"]).toBe(
      'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    );
  });

  test("the loader gives what Fedify wants", async () => {
    const server = await serve({ "/a": actorAt("/a") });
    const url = `${server.origin}/a`;
    const loaded = await createDocumentLoader(openDoor())(`${url}#main-key`);
    expect(loaded).toEqual({ contextUrl: null, documentUrl: url, document: { id: url, type: "Person" } });
  });

  test("the loader answers a known context without a request", async () => {
    const url = "https://www.w3.org/ns/activitystreams";
    const door: Door = { fetch: () => expect.unreachable(), close: async () => {} };
    expect((await createDocumentLoader(door)(url)).document).toBe(preloadedContexts[url]);
  });

  test("T9 another content type is refused", async () => {
    for (const type of [
      "text/plain",
      "text/html",
      "image/png",
      "application/json",
      'application/ld+json; profile="x"',
    ]) {
      const server = await serve({ "/a": actorAt("/a") }, type);
      await expect(open().fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("content_type"));
    }
  });

  test("T16 HTML is not parsed, whatever it is called, and its links are not followed", async () => {
    const html =
      '<link rel="alternate" type="application/activity+json" href="/b">' + "<a <a ".repeat(170_000);
    const documents = { "/a": html, "/b": actorAt("/b") };
    for (const type of ["text/html", "application/activity+json"]) {
      const server = await serve(documents, type);
      await expect(open().fetchDocument(`${server.origin}/a`)).rejects.toBeInstanceOf(FetchError);
      expect(server.received.map(({ url }) => url)).toEqual(["/a"]);
    }
  });

  test.each([404, 410, 403, 500])("status %i is told to Fedify as it is", async (status) => {
    const server = await startServer((_, response) => response.writeHead(status).end());
    const error = await open()
      .fetchDocument(server.origin)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FetchError);
    expect(error).toMatchObject({ reason: "status", status, response: { status } });
  });

  test.each(["", "not json", "null", "[]", '"x"', "7", '{"id":', "\xff{}", '{"a":"\xff"}'])(
    "%j is no document",
    async (body) => {
      const server = await startServer((_, response) => {
        response.setHeader("content-type", "application/activity+json").end(Buffer.from(body, "latin1"));
      });
      await expect(open().fetchDocument(server.origin)).rejects.toEqual(failing("json"));
    },
  );

  test("T18 T19 documents too deep, too wide or with too many contexts are refused", async () => {
    const server = await serve({
      "/deep": (origin: string) => `{"id":"${origin}/deep","a":${"[".repeat(20)}${"]".repeat(20)}}`,
      "/deepest": "[".repeat(500_000) + "]".repeat(500_000),
      "/wide": (origin: string) => ({ id: `${origin}/wide`, a: Array.from({ length: 5_000 }, () => 1) }),
      "/contexts": { "@context": Array.from({ length: 17 }, (_, at) => `https://remote.test/${at}`) },
      "/fine": (origin: string) => ({ id: `${origin}/fine`, a: Array.from({ length: 4_000 }, () => 1) }),
    });
    const { fetchDocument } = open();
    await expect(fetchDocument(`${server.origin}/deep`)).rejects.toEqual(failing("shape"));
    await expect(fetchDocument(`${server.origin}/deepest`)).rejects.toEqual(failing("json"));
    await expect(fetchDocument(`${server.origin}/wide`)).rejects.toEqual(failing("shape"));
    await expect(fetchDocument(`${server.origin}/contexts`)).rejects.toEqual(failing("shape"));
    await expect(fetchDocument(`${server.origin}/fine`)).resolves.toMatchObject({
      url: `${server.origin}/fine`,
    });
    await expect(open({ shape: { nodes: 100 } }).fetchDocument(`${server.origin}/fine`)).rejects.toEqual(
      failing("shape"),
    );
  });

  test("what the door refuses is a DocumentError with the door's reason", async () => {
    await expect(open().fetchDocument("http://127.0.0.1:1/")).rejects.toEqual(failing("network"));
    await expect(open().fetchDocument("ftp://127.0.0.1/")).rejects.toEqual(failing("scheme"));
    await expect(open().fetchDocument("nonsense")).rejects.toEqual(failing("url"));
    await expect(open().fetchDocument(`http://a.test/${"x".repeat(2_048)}`)).rejects.toEqual(failing("url"));
  });
});

describe("ids", () => {
  test("T8 a document with an id on another origin, or without one, is refused without another request", async () => {
    const server = await serve({
      "/other": { id: "http://victim.test/actor" },
      "/port": (origin: string) => ({
        id: origin.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10)),
      }),
      "/scheme": (origin: string) => ({ id: origin.replace("http:", "https:") }),
      "/none": { type: "Person" },
      "/alias": (origin: string) => ({
        "@context": { foo: "@id" },
        id: `${origin}/alias`,
        foo: "http://victim.test/",
      }),
    });
    const { fetchDocument } = open();
    for (const path of ["/other", "/port", "/scheme", "/none", "/alias"]) {
      await expect(fetchDocument(`${server.origin}${path}`)).rejects.toEqual(failing("id"));
    }
    expect(server.received).toHaveLength(5);
  });

  test("T8 a document with another id of the same origin is fetched from there, once", async () => {
    const server = await serve({ "/@a": { id: "" }, "/a": actorAt("/a"), "/key": actorAt("/a") });
    const found = await open().fetchDocument(`${server.origin}/key`);
    expect(found.url).toBe(`${server.origin}/a`);
    expect(server.received.map(({ url }) => url)).toEqual(["/key", "/a"]);
  });

  test("T8 a document whose id gives yet another id is refused", async () => {
    const server = await serve({ "/a": actorAt("/b"), "/b": actorAt("/c"), "/c": actorAt("/c") });
    await expect(open().fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("id"));
    expect(server.received.map(({ url }) => url)).toEqual(["/a", "/b"]);
  });

  test("T8 an id that redirects elsewhere is refused", async () => {
    const other = await serve({ "/x": actorAt("/x") });
    const server = await startServer((request, response) => {
      if (request.url === "/b") return response.writeHead(302, { location: `${other.origin}/x` }).end();
      return response
        .setHeader("content-type", "application/activity+json")
        .end(JSON.stringify({ id: `http://${request.headers.host}/b` }));
    });
    await expect(open().fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("id"));
  });

  test("T8 an id that redirects within its origin is refused, though what is there names it", async () => {
    const server = await startServer((request, response) => {
      if (request.url === "/b") return response.writeHead(302, { location: "/c" }).end();
      return response
        .setHeader("content-type", "application/activity+json")
        .end(JSON.stringify({ id: `http://${request.headers.host}/b` }));
    });
    await expect(open().fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("id"));
    expect(server.received.map(({ url }) => url)).toEqual(["/a", "/b", "/c"]);
  });

  test("a redirect to another origin counts as coming from there", async () => {
    const other = await serve({ "/x": actorAt("/x") });
    const server = await startServer((_, response) =>
      response.writeHead(302, { location: `${other.origin}/x` }).end(),
    );
    expect((await open().fetchDocument(`${server.origin}/a`)).url).toBe(`${other.origin}/x`);
  });

  test("a key's id with a fragment is its document's", async () => {
    const server = await serve({ "/a": (origin: string) => ({ id: `${origin}/a#main-key`, type: "Key" }) });
    const { json } = await open().fetchDocument(`${server.origin}/a#main-key`);
    expect(json).toMatchObject({ type: "Key" });
    expect(server.received).toHaveLength(1);
  });
});

describe("limits", () => {
  test("a hundred at once make one request, and each gets a document of its own", async () => {
    const server = await serve({ "/a": actorAt("/a") });
    const loader = open().loader();
    const loads = Array.from({ length: 100 }, (_, at) => loader(`${server.origin}/a#${at}`));
    const documents = (await Promise.all(loads)).map(({ document }) => document);
    expect(server.received).toHaveLength(1);
    expect(new Set(documents).size).toBe(100);
    await loader(`${server.origin}/a`);
    expect(server.received).toHaveLength(2);
  });

  test("T20 a failure is remembered for ten minutes", async () => {
    let time = 0;
    const server = await serve({});
    const { fetchDocument } = open({ now: () => time });
    const ask = async (): Promise<void> => {
      await expect(fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("status"));
    };
    await ask();
    time = 599_999;
    await ask();
    expect(server.received).toHaveLength(1);
    time = 600_000;
    await ask();
    expect(server.received).toHaveLength(2);
  });

  test("only so many failures are remembered, the latest ones", async () => {
    const server = await serve({});
    const { fetchDocument } = open({ failures: 2 });
    for (const path of ["/a", "/b", "/c", "/c", "/b", "/a"]) {
      await expect(fetchDocument(`${server.origin}${path}`)).rejects.toEqual(failing("status"));
    }
    expect(server.received.map(({ url }) => url)).toEqual(["/a", "/b", "/c", "/a"]);
  });

  test("what failed without a signature is tried again with one", async () => {
    const server = await startServer((request, response) => {
      response.statusCode = request.headers["signature"] === "s" ? 200 : 401;
      response.setHeader("content-type", "application/activity+json");
      response.end(JSON.stringify({ id: `http://${request.headers.host}/a` }));
    });
    const documents = open();
    await expect(documents.fetchDocument(`${server.origin}/a`)).rejects.toMatchObject({ status: 401 });
    await expect(documents.loader(signWithS)(`${server.origin}/a`)).resolves.toMatchObject({
      contextUrl: null,
    });
    await expect(documents.fetchDocument(`${server.origin}/a`)).rejects.toMatchObject({ status: 401 });
    expect(server.received).toHaveLength(2);
  });

  test("an error of the signer comes through and is not remembered", async () => {
    const server = await serve({ "/a": actorAt("/a") });
    const { fetchDocument } = open();
    let calls = 0;
    const sign = async (request: Request): Promise<Request> => {
      if (calls++ === 0) throw new RangeError("no key");
      return request;
    };
    await expect(fetchDocument(`${server.origin}/a`, { sign })).rejects.toThrow(RangeError);
    await expect(fetchDocument(`${server.origin}/a`, { sign })).resolves.toMatchObject({
      url: `${server.origin}/a`,
    });
  });

  test("T20 a host is asked 30 times a minute at most, redirects and second looks included", async () => {
    let time = 0;
    const server = await serve({ "/a": actorAt("/a") });
    const { fetchDocument } = open({ now: () => time });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, at) => fetchDocument(`${server.origin}/key-${at}`)),
    );
    expect(server.received).toHaveLength(30);
    const rated = outcomes.filter((each) => each.status === "rejected" && each.reason.reason === "rate");
    expect(rated).toHaveLength(70);
    await expect(fetchDocument(`${server.origin}/a`)).rejects.toEqual(failing("rate"));
    // Another host, on the same server.
    await expect(fetchDocument(`http://other.test:${server.port}/a`)).rejects.toEqual(failing("id"));
    // Being asked too often is no failure to remember.
    time = 60_000;
    await expect(fetchDocument(`${server.origin}/a`)).resolves.toMatchObject({ url: `${server.origin}/a` });
  });

  test("T20 redirects count for the host that they lead to", async () => {
    const target = await serve({});
    const location = `http://target.test:${target.port}/a`;
    const server = await startServer((_, response) => response.writeHead(302, { location }).end());
    const { fetchDocument } = open({ perMinute: 3 });
    for (let at = 0; at < 6; at++) {
      await expect(fetchDocument(`http://host-${at}.test:${server.port}/`)).rejects.toBeInstanceOf(
        FetchError,
      );
    }
    expect(target.received).toHaveLength(3);
  });

  test("who aborts waits no longer, and others still get the document", async () => {
    const ready = Promise.withResolvers<void>();
    const server = await startServer(async (request, response) => {
      await ready.promise;
      response.setHeader("content-type", "application/activity+json");
      response.end(JSON.stringify({ id: `http://${request.headers.host}/a` }));
    });
    const documents = open();
    const controller = new AbortController();
    const impatient = documents.loader()(`${server.origin}/a`, { signal: controller.signal });
    const patient = documents.fetchDocument(`${server.origin}/a`);
    controller.abort();
    await expect(impatient).rejects.toEqual(failing("aborted"));
    ready.resolve();
    await expect(patient).resolves.toMatchObject({ url: `${server.origin}/a` });
    expect(server.received).toHaveLength(1);
    await expect(
      documents.fetchDocument(`${server.origin}/a`, { signal: controller.signal }),
    ).rejects.toEqual(failing("aborted"));
  });
});
