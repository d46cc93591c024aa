import { createServer } from "node:http";
import { signRequest } from "@fedify/fedify";
import { afterAll } from "vitest";
import type { Json } from "./server.ts";

/** A server of another make: it serves actors who share one key, and sends what they do. */
export interface FixtureRemote {
  readonly origin: string;
  /** What it serves, by path. A number is a status. */
  readonly documents: Map<string, object | number>;
  /** The documents that it was asked for, by path. */
  readonly asked: string[];
  /** The activities that were delivered to it. */
  readonly received: Json[];
  readonly publicKeyPem: string;
  /** Sends an activity to an inbox, signed with a key, and gives the status of the answer. */
  send(inbox: string, activity: object, keyId: string): Promise<number>;
}

/** Opens the remote at an address of loopback of its own; it ends with the tests of the file. */
export async function openFixtureRemote(address = "127.0.0.1"): Promise<FixtureRemote> {
  const documents = new Map<string, object | number>();
  const asked: string[] = [];
  const received: Json[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(202).end();
      });
      return;
    }
    asked.push(path);
    const document = documents.get(path) ?? 404;
    if (typeof document === "number") return void response.writeHead(document).end();
    response.writeHead(200, { "Content-Type": "application/activity+json; charset=utf-8" });
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  afterAll(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const bound = server.address();
  const port = typeof bound === "object" && bound != null ? bound.port : 0;
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const publicExponent = new Uint8Array([1, 0, 1]);
  const pair = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, ["sign", "verify"]);
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", pair.publicKey)).toString("base64");
  return {
    origin: `http://${address}:${port}`,
    documents,
    asked,
    received,
    publicKeyPem: `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`,
    async send(inbox, activity, keyId) {
      const request = new Request(inbox, {
        method: "POST",
        headers: { "Content-Type": "application/activity+json" },
        body: JSON.stringify(activity),
      });
      return (await fetch(await signRequest(request, pair.privateKey, new URL(keyId)))).status;
    },
  };
}
