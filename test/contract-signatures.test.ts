import { beforeAll, describe, expect, test } from "vitest";
import { toInstant } from "../src/federation/instant.ts";
import { signRequest } from "@fedify/fedify";
import { createWorld, describePerson, type GuardedServer, type Person } from "./helpers/remotes.ts";
import { type Remote, settle, startGuardedServer } from "./helpers/remotes.ts";
import { eventually } from "./helpers/server.ts";
import { type Arrived, type Receiver, refuseSigned } from "./helpers/signature-receiver.ts";

const world = createWorld();
const minute = 60_000;
let server: GuardedServer;
let good: Remote;
let fan: Person;
let receiver: Receiver;
let post: Arrived;
let get: Arrived;

async function fetchOwner(keyId: string) {
  const url = new URL(keyId);
  if (url.origin !== "https://l2.test") return undefined;
  const headers = { Accept: "application/activity+json" };
  const response = await server.request(url.pathname, { headers });
  return response.ok ? await response.json() : undefined;
}

/** The last request that the remote server got by that method at that path. */
async function findArrived(method: string, target: string): Promise<Arrived> {
  const line = `${method} https://good.test${target}`;
  const found = await eventually(line, async () =>
    good.requests.findLast((request) => request.line === line),
  );
  return { method, target, headers: found.headers, body: found.body };
}

function follow(by: Pick<Person, "id">, number: number) {
  return {
    id: `${by.id}#follow-${number}`,
    type: "Follow",
    actor: by.id,
    object: "https://l2.test/users/alice",
  };
}

beforeAll(async () => {
  good = await world.open("good.test");
  server = await startGuardedServer(world, { ARTDAG_USER: "root_user" });
  await server.register("alice");
  fan = await settle(good, "fan");
  receiver = { host: "good.test", now: new Date(), fetchOwner };
  await server.deliver(fan, follow(fan, 1));
  post = await findArrived("POST", "/users/fan/inbox");
  get = await findArrived("GET", "/users/fan");
});

/** The request with other headers. */
function alter(request: Arrived, headers: Arrived["headers"]): Arrived {
  return { ...request, headers: { ...request.headers, ...headers } };
}

describe("what we deliver", () => {
  test("is taken as it is", async () => {
    expect(await refuseSigned(post, receiver)).toBeUndefined();
  });

  test("names a key whose id lies in the sender's own document, and is taken with no other", async () => {
    expect(String(post.headers["signature"])).toContain('keyId="https://l2.test/users/alice#main-key"');
    const spoil = (keyId: string) =>
      alter(post, {
        signature: String(post.headers["signature"]).replace(/keyId="[^"]*"/, `keyId="${keyId}"`),
      });
    expect(await refuseSigned(spoil("https://l2.test/users/alice#key-2"), receiver)).toBe("no such key");
    expect(await refuseSigned(spoil("https://l2.test/actor#main-key"), receiver)).toBe(
      "the key is another actor's",
    );
  });

  test("is for one host, and no use at another", async () => {
    expect(await refuseSigned(post, { ...receiver, host: "other.test" })).toBe("signed for another host");
    const moved = alter(post, { host: "other.test" });
    expect(await refuseSigned(moved, { ...receiver, host: "other.test" })).toBe("the signature is wrong");
  });

  test("is dated now, and no use two hours later", async () => {
    const later = new Date(receiver.now.getTime() + 120 * minute);
    expect(await refuseSigned(post, { ...receiver, now: later })).toBe("dated more than an hour off");
    const redated = alter(post, { date: later.toUTCString() });
    expect(await refuseSigned(redated, { ...receiver, now: later })).toBe("the signature is wrong");
  });

  test("covers the body by its digest, and no header that a proxy might rewrite", async () => {
    expect(String(post.headers["signature"])).toContain('headers="(request-target) host date digest"');
    expect(await refuseSigned({ ...post, body: `${post.body} ` }, receiver)).toBe(
      "the digest is of another body",
    );
  });
});

describe("what we fetch", () => {
  test("is asked for with a signature of the server's own actor", async () => {
    expect(await refuseSigned(get, receiver)).toBeUndefined();
    expect(String(get.headers["signature"])).toContain('keyId="https://l2.test/actor#main-key"');
    expect(String(get.headers["signature"])).toContain('headers="(request-target) host date"');
    expect(get.headers["signature-input"]).toBeUndefined();
  });

  test("is refused without a signature, and where it was signed for another address", async () => {
    expect(await refuseSigned(alter(get, { signature: "" }), receiver)).toMatch(/^covers/);
    const elsewhere = { ...get, target: "/users/other" };
    expect(await refuseSigned(elsewhere, receiver)).toBe("the signature is wrong");
  });

  test("is signed with its query", async () => {
    await server.resources.web.lookUp("https://good.test/notes?id=7");
    const asked = await findArrived("GET", "/notes?id=7");
    expect(await refuseSigned(asked, receiver)).toBeUndefined();
    expect(await refuseSigned({ ...asked, target: "/notes" }, receiver)).toBe("the signature is wrong");
  });
});

describe("what is delivered to us", () => {
  async function deliverAt(minutes: number, number: number): Promise<number> {
    const request = new Request("https://l2.test/inbox", {
      method: "POST",
      headers: { "Content-Type": "application/activity+json" },
      body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...follow(fan, number) }),
    });
    const currentTime = toInstant(new Date(Date.now() + minutes * minute));
    return (
      await server.send(await signRequest(request, fan.privateKey, new URL(fan.keyId), { currentTime }))
    ).status;
  }

  test("may be dated an hour off, and not more", async () => {
    expect(await deliverAt(-58, 10)).toBe(202);
    expect(await deliverAt(58, 11)).toBe(202);
    expect(await deliverAt(-62, 12)).toBe(401);
    expect(await deliverAt(62, 13)).toBe(401);
  });

  test("may be signed with a key at an address of its own, as GoToSocial's are, if its owner lists it", async () => {
    const { id, privateKey, publicKeyPem } = await settle(good, "gts", 1);
    const publicKey = { id: `${id}/main-key`, owner: id, publicKeyPem };
    good.documents.set("/users/gts", describePerson(id, publicKeyPem, { publicKey }));
    // A GET of the key's address gives the part of the actor that everybody may see.
    good.documents.set("/users/gts/main-key", describePerson(id, publicKeyPem, { publicKey }));
    const signer = { keyId: `${id}/main-key`, privateKey };
    expect((await server.deliver(signer, follow({ id }, 1))).status).toBe(202);
    const other = await settle(good, "other", 0);
    good.documents.set("/users/other/main-key", {
      "@context": "https://w3id.org/security/v1",
      id: `${other.id}/main-key`,
      owner: other.id,
      publicKeyPem,
    });
    const forger = { keyId: `${other.id}/main-key`, privateKey };
    expect((await server.deliver(forger, follow(other, 1))).status).toBe(401);
  });

  test("is taken only where it was signed for", async () => {
    const deliver = async (url: string, number: number) => {
      const body = JSON.stringify({
        "@context": "https://www.w3.org/ns/activitystreams",
        ...follow(fan, number),
      });
      const headers = { "Content-Type": "application/activity+json" };
      const request = new Request(url, { method: "POST", headers, body });
      const signed = await signRequest(request, fan.privateKey, new URL(fan.keyId));
      const target = "https://l2.test/users/alice/inbox";
      return await server.send(new Request(target, { method: "POST", headers: signed.headers, body }));
    };
    expect((await deliver("https://l2.test/users/alice/inbox", 20)).status).toBe(202);
    expect((await deliver("https://l2.test/inbox", 21)).status).toBe(401);
    expect((await deliver("https://other.test/users/alice/inbox", 22)).status).toBe(401);
  });
});
