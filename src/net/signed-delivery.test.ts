import { generateCryptoKeyPair, signRequest, verifyRequest } from "@fedify/fedify/sig";
import { CryptographicKey, Person } from "@fedify/vocab";
import { onTestFinished, expect, test } from "vitest";
import { loadContext } from "./contexts.ts";
import { createDoor } from "./door.ts";
import { startServer } from "./server.test-helper.ts";

test.each(["draft-cavage-http-signatures-12", "rfc9421"] as const)(
  "what Fedify signs by %s arrives so that Fedify verifies it",
  async (spec) => {
    const door = createDoor({ userAgent: "test/1", allowPrivate: true });
    onTestFinished(() => door.close());
    const { privateKey, publicKey } = await generateCryptoKeyPair("RSASSA-PKCS1-v1_5");
    const id = new URL("https://local.example/users/alice#main-key");
    const owner = new URL("https://local.example/users/alice");
    const server = await startServer((_, response) => response.writeHead(202).end());

    const body = new TextEncoder().encode('{ "id":"https://local.example/1", "name": "é" }\n');
    await door.fetch(`${server.origin}/inbox?x=1`, {
      method: "POST",
      headers: { "content-type": "application/activity+json" },
      body,
      sign: (request) => signRequest(request, privateKey, id, { spec }),
    });

    const [received] = server.received;
    expect(received?.body).toEqual(Buffer.from(body));
    const arrived = new Request(`${server.origin}${received?.url}`, {
      method: "POST",
      headers: Object.entries(received?.headers ?? {}).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      body,
    });
    const key = new CryptographicKey({ id, owner, publicKey });
    const document = await new Person({ id: owner, publicKey: key }).toJsonLd({ contextLoader: loadContext });
    const verified = await verifyRequest(arrived, {
      contextLoader: loadContext,
      documentLoader: async () => ({ contextUrl: null, documentUrl: owner.href, document }),
    });
    expect(verified?.id?.href).toBe(id.href);
  },
);
