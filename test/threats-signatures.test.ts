import { beforeAll, describe, expect, test } from "vitest";
import { follow } from "./helpers/activities.ts";
import { expectNoEffect, settleInbox } from "./helpers/effects.ts";
import {
  createWorld,
  describePerson,
  type GuardedServer,
  type Person,
  type Remote,
  rsaPair,
  settle,
  startGuardedServer,
} from "./helpers/remotes.ts";
import { eventually } from "./helpers/server.ts";
import { query } from "./helpers/sql.ts";

const specs = ["draft-cavage-http-signatures-12", "rfc9421"] as const;

const world = createWorld();
let server: GuardedServer;
let good: Remote;
let evil: Remote;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  good = await world.open("good.test");
  evil = await world.open("evil.test");
  await world.open("sub.evil.test");
  bob = await settle(good, "bob", 0);
  mallory = await settle(evil, "mallory", 1);
  server = await startGuardedServer(world);
});

let count = 0;

async function findFollower(iri: string): Promise<{ inbox: string } | undefined> {
  const [row] = await query<{ inbox: string }>(
    server.databaseUrl,
    "select a.inbox from followers f join remote_actors a on a.id = f.actor_id where a.iri = $1",
    [iri],
  );
  return row;
}

/** The request with other headers, or another body. */
async function change(
  request: Request,
  headers: Record<string, string | null>,
  body?: string,
): Promise<Request> {
  const changed = new Headers(request.headers);
  for (const [name, value] of Object.entries(headers)) {
    if (value == null) changed.delete(name);
    else changed.set(name, value);
  }
  return new Request(request.url, {
    method: "POST",
    headers: changed,
    body: body ?? (await request.arrayBuffer()),
  });
}

describe("T1 actor forged by a foreign key document", () => {
  /** A key document that names bob as its owner, whose key is mallory's. */
  function publish(remote: Remote, path: string): { keyId: string; privateKey: CryptoKey } {
    const keyId = `${remote.origin}${path}`;
    remote.documents.set(path, {
      "@context": "https://w3id.org/security/v1",
      id: keyId,
      type: "CryptographicKey",
      owner: bob.id,
      publicKeyPem: mallory.publicKeyPem,
    });
    return { keyId, privateKey: mallory.privateKey };
  }

  test.each(specs)("that lies on the actor's own server gets 401 by %s", async (spec) => {
    const forged = publish(good, `/uploads/${spec}`);
    await expectNoEffect(
      server,
      world,
      async () => expect((await server.deliver(forged, follow(bob.id), { spec })).status).toBe(401),
      { asks: true },
    );
  });

  test("that lists itself in an actor of its own gets 401", async () => {
    const keyId = `${good.origin}/users/bob#other`;
    good.documents.set("/users/eve", {
      ...describePerson(`${good.origin}/users/eve`, mallory.publicKeyPem),
      publicKey: { id: keyId, owner: bob.id, publicKeyPem: mallory.publicKeyPem },
    });
    for (const id of [keyId, `${good.origin}/users/eve#other`, `${good.origin}/users/eve`]) {
      const { status } = await server.deliver({ ...mallory, keyId: id }, follow(bob.id));
      expect([401, 403], id).toContain(status);
    }
    await settleInbox(server.databaseUrl);
    expect(await findFollower(bob.id)).toBeUndefined();
  });

  test.each(specs)("on another server is refused by %s before anybody is asked", async (spec) => {
    const forged = publish(evil, `/keys/${spec}`);
    await expectNoEffect(server, world, async () => {
      expect((await server.deliver(forged, follow(bob.id), { spec })).status).toBe(403);
    });
  });

  test("gets 401 where it is that of a proof or an LD signature, whatever else signs", async () => {
    const { keyId } = publish(good, "/uploads/proof");
    const proof = {
      type: "DataIntegrityProof",
      cryptosuite: "eddsa-jcs-2022",
      verificationMethod: keyId,
      proofPurpose: "assertionMethod",
      proofValue: "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
      created: new Date().toISOString(),
    };
    const signature = {
      type: "RsaSignature2017",
      creator: keyId,
      created: new Date().toISOString(),
      signatureValue: "AAAA".repeat(85),
    };
    await expectNoEffect(
      server,
      world,
      async () => {
        for (const extra of [{ proof }, { signature }]) {
          const unsigned = { alter: (request: Request) => change(request, { signature: null }) };
          expect((await server.deliver(bob, follow(bob.id, extra), unsigned)).status).toBe(401);
          const forged = { ...mallory, keyId };
          expect((await server.deliver(forged, follow(bob.id, extra))).status).toBe(401);
        }
      },
      { asks: true },
    );
  });

  test("does not keep the actor himself from following", async () => {
    expect((await server.deliver(bob, follow(bob.id))).status).toBe(202);
    await eventually("bob follows", () => findFollower(bob.id));
  });
});

describe("T2 signer is not the actor", () => {
  test("evil signs for bob and gets 403, from another server and from bob's own", async () => {
    await expectNoEffect(server, world, async () => {
      expect((await server.deliver(mallory, follow(bob.id))).status).toBe(403);
    });
    const neighbour = await settle(good, "neighbour", 1);
    await expectNoEffect(
      server,
      world,
      async () => expect((await server.deliver(neighbour, follow(bob.id))).status).toBe(403),
      { asks: true },
    );
  });

  test("a context that gives another name to the actor does not help", async () => {
    const contexts = [
      { actor: "https://evil.test/ns#actor", by: { "@id": "as:actor", "@type": "@id" } },
      { by: { "@id": "https://www.w3.org/ns/activitystreams#actor", "@type": "@id" } },
    ];
    const neighbour = await settle(good, "turner", 1);
    await expectNoEffect(
      server,
      world,
      async () => {
        for (const context of contexts) {
          const activity = { ...follow(neighbour.id), by: bob.id };
          const named = { ...activity, "@context": ["https://www.w3.org/ns/activitystreams", context] };
          expect((await server.deliver(neighbour, named)).status).toBe(400);
        }
        const twice = {
          ...follow(neighbour.id),
          "https://www.w3.org/ns/activitystreams#actor": { "@id": bob.id },
        };
        expect((await server.deliver(neighbour, twice)).status).toBe(400);
      },
      { asks: true },
    );
  });
});

describe("T3 digest missing, wrong, uncovered", () => {
  const url = "https://l2.test/inbox";

  /** Signs by draft-cavage over just these headers. */
  async function signOver(names: string[], method = "post", host = "l2.test"): Promise<Request> {
    const body = JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...follow(bob.id) });
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(body))).toString("base64");
    const values: Record<string, string> = {
      "(request-target)": `${method} /inbox`,
      host,
      date: new Date().toUTCString(),
      digest: `SHA-256=${digest}`,
    };
    const text = names.map((name) => `${name}: ${values[name]}`).join("\n");
    const bytes = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", bob.privateKey, Buffer.from(text));
    const signature = Buffer.from(bytes).toString("base64");
    return new Request(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/activity+json",
        Date: values["date"] ?? "",
        Digest: values["digest"] ?? "",
        Signature: `keyId="${bob.keyId}",algorithm="rsa-sha256",headers="${names.join(" ")}",signature="${signature}"`,
      },
      body,
    });
  }

  const all = ["(request-target)", "host", "date", "digest"];

  test("what is signed in full is taken", async () => {
    expect((await server.send(await signOver(all))).status).toBe(202);
    await settleInbox(server.databaseUrl);
  });

  test.each([
    ["only the date is covered", () => signOver(["date"])],
    ["the digest is not covered", () => signOver(["(request-target)", "host", "date"])],
    ["the host is not covered", () => signOver(["(request-target)", "date", "digest"])],
    ["it is a GET's signature", () => signOver(all, "get")],
    ["it is for another host", () => signOver(all, "post", "other.test")],
    ["the digest is missing", async () => change(await signOver(all), { digest: null })],
    [
      "the body was changed",
      async () => {
        const body = JSON.stringify({ ...follow(bob.id), type: "Undo" });
        return change(await signOver(all), {}, body);
      },
    ],
    [
      "body and digest were changed",
      async () => {
        const body = JSON.stringify({ ...follow(bob.id), type: "Undo" });
        const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(body))).toString(
          "base64",
        );
        return change(await signOver(all), { digest: `SHA-256=${digest}` }, body);
      },
    ],
    [
      "the date was changed",
      async () => {
        return change(await signOver(all), { date: new Date(Date.now() - 60_000).toUTCString() });
      },
    ],
  ])("gets 401 where %s", async (_title, sign) => {
    await expectNoEffect(
      server,
      world,
      async () => expect((await server.send(await sign())).status).toBe(401),
      { asks: true },
    );
  });

  /** Signs by RFC 9421 over just these components. */
  async function signOverComponents(components: string[]): Promise<Request> {
    const body = JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...follow(bob.id) });
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(body))).toString("base64");
    const values: Record<string, string> = {
      "@method": "POST",
      "@authority": "l2.test",
      "@path": "/inbox",
      "@target-uri": url,
      "content-digest": `sha-256=:${digest}:`,
    };
    const list = components.map((name) => `"${name}"`).join(" ");
    const parameters = `(${list});created=${Math.floor(Date.now() / 1000)};keyid="${bob.keyId}"`;
    const lines = components.map((name) => `"${name}": ${values[name]}`);
    const base = [...lines, `"@signature-params": ${parameters}`].join("\n");
    const bytes = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", bob.privateKey, Buffer.from(base));
    const headers = {
      "Content-Type": "application/activity+json",
      "Content-Digest": values["content-digest"] ?? "",
      "Signature-Input": `sig1=${parameters}`,
      Signature: `sig1=:${Buffer.from(bytes).toString("base64")}:`,
    };
    return new Request(url, { method: "POST", headers, body });
  }

  const allComponents = ["@method", "@authority", "@path", "content-digest"];

  test("what is signed in full by RFC 9421 is taken", async () => {
    expect((await server.send(await signOverComponents(allComponents))).status).toBe(202);
    await settleInbox(server.databaseUrl);
  });

  test.each(allComponents)("gets 401 by RFC 9421 where %s is not covered", async (left) => {
    const components = allComponents.filter((name) => name !== left);
    await expectNoEffect(
      server,
      world,
      async () => expect((await server.send(await signOverComponents(components))).status).toBe(401),
      { asks: true },
    );
  });
});

test("T5 an id on a foreign origin does not block the real activity", async () => {
  const carol = await settle(good, "carol", 0);
  const activity = follow(carol.id);
  await expectNoEffect(server, world, async () => {
    expect((await server.deliver(mallory, { ...activity, actor: mallory.id })).status).toBe(403);
  });
  expect((await server.deliver(carol, activity)).status).toBe(202);
  await eventually("carol follows", () => findFollower(carol.id));
});

test("T7 inline object believed: the Accept goes to the inbox of the actor's own document", async () => {
  const dave = await settle(good, "dave", 0);
  const actor = describePerson(dave.id, mallory.publicKeyPem, { inbox: `${evil.origin}/trap` });
  const trap = evil.requests.length;
  expect((await server.deliver(dave, { ...follow(dave.id), actor })).status).toBe(202);
  await eventually("the Accept arrives", async () =>
    good.requests.find(({ line }) => line === `POST ${dave.id}/inbox`),
  );
  expect(await findFollower(dave.id)).toEqual({ inbox: `${dave.id}/inbox` });
  expect(evil.requests).toHaveLength(trap);
});

describe("T8 fetched id differs from URL", () => {
  test.each([
    ["another of the same server", () => `${good.origin}/users/other`],
    ["one of another server", () => mallory.id],
  ])("gets 401 where the actor's URL serves %s", async (_title, id) => {
    const { privateKey, publicKeyPem } = await rsaPair(1);
    const victim = `${good.origin}/users/victim${++count}`;
    const keyId = `${victim}#main-key`;
    const served = {
      ...describePerson(id(), publicKeyPem),
      publicKey: { id: keyId, owner: victim, publicKeyPem },
    };
    good.documents.set(new URL(victim).pathname, served);
    good.documents.set("/users/other", served);
    await expectNoEffect(
      server,
      world,
      async () => expect((await server.deliver({ keyId, privateKey }, follow(victim))).status).toBe(401),
      { asks: true },
    );
    const asked = good.requests.filter(({ line }) => line === `GET ${victim}`);
    expect(asked.length).toBeLessThanOrEqual(2);
  });
});

describe("T9 uploaded file posing as a document", () => {
  test.each(["text/plain", "application/json", "application/octet-stream", "text/html"])(
    "gets 401 where the key is served as %s",
    async (type) => {
      const { privateKey, publicKeyPem } = await rsaPair(1);
      const path = `/uploads/file${++count}`;
      const id = good.origin + path;
      good.documents.set(path, (_request: unknown, response: import("node:http").ServerResponse) => {
        response
          .writeHead(200, { "Content-Type": type })
          .end(JSON.stringify(describePerson(id, publicKeyPem)));
      });
      await expectNoEffect(
        server,
        world,
        async () => {
          const by = { keyId: `${id}#main-key`, privateKey };
          expect((await server.deliver(by, follow(id))).status).toBe(401);
        },
        { asks: true },
      );
    },
  );
});
