import { signRequest, verifyRequest } from "@fedify/fedify";
import { CryptographicKey, Person } from "@fedify/vocab";
import { beforeAll, describe, expect, test } from "vitest";
import { loadContext } from "../net/contexts.ts";
import { admit } from "./inbound-door.ts";
import { toInstant } from "./instant.ts";

const origin = "https://artdag.example";
const bob = "https://remote.example/users/bob";
const now = new Date("2026-11-22T12:00:00Z");
const minute = 60_000;
const specs = ["draft-cavage-http-signatures-12", "rfc9421"] as const;
type Spec = (typeof specs)[number];

const follow = {
  "@context": "https://www.w3.org/ns/activitystreams",
  id: "https://remote.example/follows/1",
  type: "Follow",
  actor: bob,
  object: `${origin}/users/alice`,
};

let pair: CryptoKeyPair;
beforeAll(async () => {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const exponent = new Uint8Array([1, 0, 1]);
  pair = await crypto.subtle.generateKey({ ...algorithm, publicExponent: exponent }, true, [
    "sign",
    "verify",
  ]);
});

interface Options {
  body?: string | Uint8Array<ArrayBuffer>;
  spec?: Spec;
  signed?: Date;
  keyId?: string;
  url?: string;
  type?: string;
}

/** A request as Fedify signs it. */
async function sign(options: Options = {}): Promise<Request> {
  const request = new Request(options.url ?? `${origin}/users/alice/inbox`, {
    method: "POST",
    headers: { "Content-Type": options.type ?? "application/activity+json" },
    body: options.body ?? JSON.stringify(follow),
  });
  return await signRequest(request, pair.privateKey, new URL(options.keyId ?? `${bob}#main-key`), {
    spec: options.spec ?? specs[0],
    currentTime: toInstant(options.signed ?? now),
  });
}

/** The same request with other headers, or another body. */
async function alter(
  request: Request,
  headers: Record<string, string | null>,
  body?: string,
): Promise<Request> {
  const altered = new Headers(request.headers);
  for (const [name, value] of Object.entries(headers)) {
    if (value == null) altered.delete(name);
    else altered.set(name, value);
  }
  return new Request(request.url, {
    method: "POST",
    headers: altered,
    body: body ?? (await request.arrayBuffer()),
  });
}

/** The status of a refusal; 0 where the request is admitted. */
async function refuse(request: Request, at = now): Promise<number> {
  const result = await admit(request, origin, { uploadTime: 1000, now: at });
  if (result.type === "admitted") return 0;
  expect(result.problem.detail).toMatch(/\.$/);
  return result.problem.status;
}

/** Whether Fedify finds the signature good. */
async function verifies(request: Request): Promise<boolean> {
  const owner = new URL(bob);
  const key = new CryptographicKey({ id: new URL(`${bob}#main-key`), owner, publicKey: pair.publicKey });
  const document = await new Person({ id: owner, publicKey: key }).toJsonLd({ contextLoader: loadContext });
  const documentLoader = async () => ({ contextUrl: null, documentUrl: bob, document });
  const options = { contextLoader: loadContext, documentLoader, currentTime: toInstant(now) };
  return (await verifyRequest(request, options)) != null;
}

describe.each(specs)("an activity signed by %s", (spec) => {
  test("is admitted with its exact body, at the configured origin, and still verifies there", async () => {
    const body = ` {"id":"${follow.id}", "actor":"${bob}", "x":"é\\u00e9" }\n`;
    const behindProxy = await sign({ spec, body, url: `${origin}/users/alice/inbox?x=1` });
    const arrived = new Request("http://127.0.0.1:8200/users/alice/inbox?x=1", {
      method: "POST",
      headers: behindProxy.headers,
      body: await behindProxy.arrayBuffer(),
    });
    const result = await admit(arrived, origin, { uploadTime: 1000, now });
    if (result.type === "refused") throw new Error(result.problem.detail);
    expect(result.request.url).toBe(`${origin}/users/alice/inbox?x=1`);
    expect(result.request.method).toBe("POST");
    expect(await result.request.clone().text()).toBe(body);
    expect(await verifies(result.request)).toBe(true);
  });

  test("verifies behind the door as Fedify signed it", async () => {
    const result = await admit(await sign({ spec }), origin, { uploadTime: 1000, now });
    expect(result.type === "admitted" && (await verifies(result.request))).toBe(true);
  });

  test.each([
    [0, 0],
    [59, 0],
    [-59, 0],
    [61, 401],
    [-61, 401],
    [60 * 24 * 365, 401],
  ])("%i minutes before now is answered %i", async (minutes, status) => {
    const request = await sign({ spec, signed: new Date(now.getTime() - minutes * minute) });
    expect(await refuse(request)).toBe(status);
  });

  test("T3 is refused once its body, or its digest, is another one", async () => {
    const other = JSON.stringify({ ...follow, object: `${origin}/users/carol` });
    expect(await refuse(await alter(await sign({ spec }), {}, other))).toBe(401);
    const digest = spec === "rfc9421" ? "content-digest" : "digest";
    expect(await refuse(await alter(await sign({ spec }), { [digest]: null }))).toBe(401);
    const hash = Buffer.alloc(32).toString("base64");
    const wrong = spec === "rfc9421" ? `sha-256=:${hash}:` : `SHA-256=${hash}`;
    expect(await refuse(await alter(await sign({ spec }), { [digest]: wrong }))).toBe(401);
    const short = spec === "rfc9421" ? "sha-256=:AAAA:" : "SHA-256=AAAA";
    expect(await refuse(await alter(await sign({ spec }), { [digest]: short }))).toBe(401);
  });

  test("T3 does not verify at this host when it was signed for another", async () => {
    const elsewhere = await sign({ spec, url: "https://other.example/users/alice/inbox" });
    const result = await admit(elsewhere, origin, { uploadTime: 1000, now });
    expect(result.type === "refused" || !(await verifies(result.request))).toBe(true);
  });

  test("T3 does not verify at another inbox than it was signed for", async () => {
    const request = await sign({ spec });
    const moved = new Request(`${origin}/inbox`, {
      method: "POST",
      headers: request.headers,
      body: await request.arrayBuffer(),
    });
    const result = await admit(moved, origin, { uploadTime: 1000, now });
    expect(result.type === "admitted" && (await verifies(result.request))).toBe(false);
  });

  test("is refused without its signature, or with one that is not well-formed", async () => {
    expect(await refuse(await alter(await sign({ spec }), { signature: null }))).toBe(401);
    expect(await refuse(await alter(await sign({ spec }), { signature: "x" }))).toBe(401);
  });

  test("is refused with two signatures", async () => {
    const request = await sign({ spec });
    const twice = (name: string) => `${request.headers.get(name)}, ${request.headers.get(name)}`;
    const doubled: Record<string, string> = { signature: twice("signature") };
    if (spec === "rfc9421") doubled["signature-input"] = twice("signature-input");
    expect(await refuse(await alter(request, doubled))).toBe(401);
  });

  test("by a key of another origin than its actor's is refused as 403", async () => {
    expect(await refuse(await sign({ spec, keyId: "https://evil.example/key" }))).toBe(403);
    expect(await refuse(await sign({ spec, keyId: "http://remote.example/users/bob#main-key" }))).toBe(403);
    expect(await refuse(await sign({ spec, keyId: "https://remote.example:8443/users/bob#main-key" }))).toBe(
      403,
    );
  });
});

describe("what a draft-cavage signature covers", () => {
  test.each([
    ["date", 401],
    ["(request-target) host date", 401],
    ["host date digest", 401],
    ["(request-target) date digest", 401],
    ["(request-target) host digest", 401],
    ["(request-target) host (created) digest", 401],
    ["(request-target) host date digest content-type", 0],
  ])("being %s is answered %i", async (list, status) => {
    const request = await sign();
    const signature = request.headers.get("signature")?.replace(/headers="[^"]*"/, `headers="${list}"`) ?? "";
    expect(await refuse(await alter(request, { signature }))).toBe(status);
  });

  test.each(["yesterday", "", "Sun, 22 Nov 0001 12:00:00 GMT", "275761-01-01T00:00:00Z"])(
    "with the date %j is answered 401",
    async (date) => {
      expect(await refuse(await alter(await sign(), { date }))).toBe(401);
    },
  );

  test("without a date is answered 401", async () => {
    expect(await refuse(await alter(await sign(), { date: null }))).toBe(401);
  });
});

describe("the content type", () => {
  test.each([
    "application/activity+json",
    "Application/Activity+JSON; charset=utf-8",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
  ])("%s is taken", async (type) => {
    expect(await refuse(await sign({ type }))).toBe(0);
  });

  test.each([
    "application/json",
    "text/plain",
    "application/activity+jsonx",
    "text/html, application/activity+json",
    "multipart/form-data; boundary=application/activity+json",
  ])("%s is answered 415", async (type) => {
    expect(await refuse(await sign({ type }))).toBe(415);
  });

  test("is needed", async () => {
    expect(
      await refuse(
        await alter(await sign({ body: new TextEncoder().encode("{}") }), { "content-type": null }),
      ),
    ).toBe(415);
  });
});

describe("T17 the size", () => {
  const limit = 256 * 1024;
  const bodyOf = (bytes: number) => {
    const text = JSON.stringify({ ...follow, padding: "" });
    return JSON.stringify({ ...follow, padding: "x".repeat(bytes - text.length) });
  };

  test("of 256 KiB is taken, and a byte more is answered 413", async () => {
    expect(bodyOf(limit)).toHaveLength(limit);
    expect(await refuse(await sign({ body: bodyOf(limit) }))).toBe(0);
    expect(await refuse(await sign({ body: bodyOf(limit + 1) }))).toBe(413);
  });

  test("of a body in pieces, without end, is answered 413 before the rest is read", async () => {
    let sent = 0;
    const chunk = new Uint8Array(16 * 1024).fill(0x20);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const { headers } = await sign();
    const request = new Request(`${origin}/inbox`, {
      method: "POST",
      headers,
      body,
      duplex: "half",
    } as RequestInit);
    expect(await refuse(request)).toBe(413);
    expect(sent).toBeLessThan(2 * limit);
  });
});

describe("T18 and T19 the shape", () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${"}".repeat(depth - 1)}`;
  const withObject = (object: string) => `${JSON.stringify(follow).slice(0, -1)},"object":${object}}`;
  const values = (count: number) => JSON.stringify(Array.from({ length: count }, () => 0));
  const contexts = (count: number) =>
    JSON.stringify({
      ...follow,
      "@context": Array.from({ length: count }, (_, index) => `https://c.example/${index}`),
    });

  test.each<[string, string, number]>([
    ["20 deep", withObject(nested(19)), 0],
    ["21 deep", withObject(nested(20)), 400],
    ["500 deep", withObject(nested(499)), 400],
    ["20,000 deep", withObject(nested(20_000)), 400],
    ["of lists 100,000 deep", "[".repeat(100_000) + "]".repeat(100_000), 400],
    // The activity, its five values and the list count too.
    ["of 5,000 values", withObject(values(4994)), 0],
    ["of 5,001 values", withObject(values(4995)), 400],
    ["of 16 contexts", contexts(16), 0],
    ["of 17 contexts", contexts(17), 400],
    ["of 200 contexts", contexts(200), 400],
    [
      "of 17 contexts in several places",
      withObject(`{"@context":${JSON.stringify(Array.from({ length: 16 }, () => "https://c.example/"))}}`),
      400,
    ],
    ["with a NUL in a text", withObject('"a\\u0000"'), 400],
    ["with a NUL in a key", withObject('{"a\\u0000":1}'), 400],
  ])("of an activity %s is answered %i", async (_what, body, status) => {
    const start = performance.now();
    expect(await refuse(await sign({ body }))).toBe(status);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe("the body", () => {
  const text = (change: object) => JSON.stringify({ ...follow, ...change });
  const sameOrigin = "https://remote.example/other";

  test.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ["empty", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a text", '"x"'],
    ["not UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["after a byte order mark", `\ufeff${JSON.stringify(follow)}`],
    ["without an id", text({ id: undefined })],
    ["with an id of null", text({ id: null })],
    ["with a number for an id", text({ id: 1 })],
    ["with two ids", text({ id: [follow.id, sameOrigin] })],
    ["with an id that is no URL", text({ id: "follows/1" })],
    ["with an id of another scheme", text({ id: "urn:uuid:1" })],
    ["with an id beside its id", text({ "@id": sameOrigin })],
    [
      "with a context that moves its id",
      text({ "@context": [follow["@context"], { uri: "@id" }], uri: sameOrigin }),
    ],
    ["without an actor", text({ actor: undefined })],
    ["with two actors", text({ actor: [bob, sameOrigin] })],
    ["with one actor in a list", text({ actor: [bob] })],
    ["with an actor without an id", text({ actor: { type: "Person" } })],
    ["with an actor whose id is a number", text({ actor: { id: 1 } })],
    ["with an actor that is no URL", text({ actor: "bob" })],
    ["with an actor of another scheme", text({ actor: "did:key:z6Mk" })],
  ])("%s is answered 400", async (_what, body) => {
    expect(await refuse(await sign({ body }))).toBe(400);
  });

  test("may hold its actor whole", async () => {
    expect(
      await refuse(await sign({ body: text({ actor: { id: bob, inbox: "https://evil.test/" } }) })),
    ).toBe(0);
  });

  test.each<[string, object]>([
    ["T5 an id on another origin than its actor's", { id: "https://victim.example/follows/1" }],
    ["an actor on another origin than its id's", { actor: "https://victim.example/users/carol" }],
    [
      "id and actor on another origin than the key",
      { id: "https://v.example/1", actor: "https://v.example/2" },
    ],
    [
      "an actor whose host only begins like the key's",
      { actor: "https://remote.example.evil.test/users/bob" },
    ],
    [
      "an actor whose name looks like the key's host",
      { actor: "https://remote.example@evil.test/users/bob" },
    ],
  ])("with %s is answered 403", async (_what, change) => {
    expect(await refuse(await sign({ body: text(change) }))).toBe(403);
  });

  test("with hosts in another case has the same origin", async () => {
    expect(await refuse(await sign({ body: text({ actor: "HTTPS://REMOTE.example:443/users/bob" }) }))).toBe(
      0,
    );
  });
});
