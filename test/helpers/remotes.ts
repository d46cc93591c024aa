import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { signRequest } from "@fedify/fedify";
import { afterAll } from "vitest";
import type { Surroundings } from "../../src/resources.ts";
import { startTestServer, type TestServer } from "./server.ts";

/**
 * Names that do not exist, with the addresses they are said to have: those are judged as real ones would be, and where
 * they are permitted the connection is made to a server of the test on loopback.
 */
export interface World {
  readonly surroundings: Surroundings;
  /** The host names to which connections were permitted, in order. */
  readonly connected: string[];
  /** What all its servers were asked, in order. */
  readonly requests: readonly string[];
  /** Opens a server for a name, and for all names under it, at a public address. */
  open(name: string, answer?: Answer): Promise<Remote>;
  /** Says at which addresses a name is to be found, from now on. */
  declare(name: string, ...addresses: string[]): void;
}

export interface Remote {
  readonly origin: string;
  /** What it was asked, in order, as `METHOD https://host/path`. */
  readonly requests: {
    readonly line: string;
    readonly headers: IncomingMessage["headers"];
    readonly body: string;
  }[];
  /** What it answers by path, as JSON-LD unless the value is a function. */
  readonly documents: Map<string, object | Answer>;
  /** Where the function for everything else is to be changed. */
  answer: Answer;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const notFound: Answer = (_request, response) => void response.writeHead(404).end();

/** Makes a world with nobody in it. Its servers end with the tests of the file. */
export function createWorld(limits: Surroundings["limits"] = {}): World {
  const ports = new Map<string, number>();
  const addresses = new Map<string, string[]>();
  const connected: string[] = [];
  const requests: string[] = [];

  const find = <T>(map: Map<string, T>, hostname: string): T | undefined => {
    for (let name = hostname; name !== ""; name = name.split(".").slice(1).join(".")) {
      const found = map.get(name);
      if (found != null) return found;
    }
    return undefined;
  };

  const surroundings: Surroundings = {
    limits,
    lookup: async (hostname) => {
      const found = find(addresses, hostname);
      if (found == null) throw new Error(`${hostname} does not exist`);
      return found.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
    },
    connector: ({ timeout, lookup }) => {
      const connect = buildConnector({ timeout, lookup: leadHome(lookup, (name) => connected.push(name)) });
      return (target, callback) => {
        const port = find(ports, target.hostname);
        // Addresses are not looked up: whichever is permitted counts, and leads nowhere.
        if (isIP(target.hostname.replace(/^\[|\]$/g, "")) !== 0) connected.push(target.hostname);
        if (port == null && find(addresses, target.hostname) == null) {
          return callback(new Error(`nobody is at ${target.hostname}`), null);
        }
        return connect({ ...target, protocol: "http:", port: String(port ?? 1) }, callback);
      };
    },
  };

  return {
    surroundings,
    connected,
    requests,
    declare: (name, ...found) => void addresses.set(name, found),
    async open(name, answer = notFound) {
      const remote: Remote = { origin: `https://${name}`, requests: [], documents: new Map(), answer };
      ports.set(name, await listen(remote, requests));
      addresses.set(name, ["198.41.0.4"]);
      return remote;
    },
  };
}

/** The addresses are found and judged; where they are permitted, the connection is made to this machine. */
function leadHome(lookup: LookupFunction, onPermitted: (hostname: string) => void): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error) => {
      if (error == null) onPermitted(hostname);
      if (error != null) callback(error, []);
      else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
      else callback(null, "127.0.0.1", 4);
    });
}

async function listen(remote: Remote, log: string[]): Promise<number> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url = "", headers } = request;
      const body = Buffer.concat(chunks).toString();
      const line = `${method} https://${headers.host}${url}`;
      remote.requests.push({ line, headers, body });
      log.push(line);
      const document = remote.documents.get(url);
      if (typeof document === "function") (document as Answer)(request, response);
      else if (method === "POST") response.writeHead(202).end();
      else if (document == null) remote.answer(request, response);
      else answerDocument(response, document);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address != null ? address.port : 0;
}

/** Answers with a document of ActivityPub. */
export function answerDocument(response: ServerResponse, document: object): void {
  response.writeHead(200, { "Content-Type": "application/activity+json" }).end(JSON.stringify(document));
}

/** Somebody on a remote server, who can sign. */
export interface Person {
  readonly id: string;
  readonly keyId: string;
  readonly privateKey: CryptoKey;
  readonly publicKeyPem: string;
}

let pairs: Promise<{ privateKey: CryptoKey; publicKeyPem: string }>[] | undefined;

/** One of two RSA key pairs, which are made once: what matters is only that they differ. */
export async function rsaPair(number: 0 | 1): Promise<{ privateKey: CryptoKey; publicKeyPem: string }> {
  pairs ??= [makePair(), makePair()];
  return (await pairs[number]) ?? (await makePair());
}

async function makePair(): Promise<{ privateKey: CryptoKey; publicKeyPem: string }> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const publicExponent = new Uint8Array([1, 0, 1]);
  const pair = await crypto.subtle.generateKey({ ...algorithm, publicExponent }, true, ["sign", "verify"]);
  const spki = Buffer.from(await crypto.subtle.exportKey("spki", pair.publicKey)).toString("base64");
  const publicKeyPem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
  return { privateKey: pair.privateKey, publicKeyPem };
}

/** Describes somebody as other servers do. */
export function describePerson(id: string, publicKeyPem: string, more: object = {}): object {
  return {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
    id,
    type: "Person",
    preferredUsername: id.split("/").at(-1),
    inbox: `${id}/inbox`,
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
    ...more,
  };
}

/** Settles somebody on a remote server, which serves his document. */
export async function settle(
  remote: Remote,
  name: string,
  pair: 0 | 1 = 0,
  more: object = {},
): Promise<Person> {
  const { privateKey, publicKeyPem } = await rsaPair(pair);
  const id = `${remote.origin}/users/${name}`;
  remote.documents.set(`/users/${name}`, describePerson(id, publicKeyPem, more));
  return { id, keyId: `${id}#main-key`, privateKey, publicKeyPem };
}

/** A server in such a world, for which private addresses are private: it is told that it stands at a public name. */
export interface GuardedServer extends TestServer {
  /** Sends an activity to the shared inbox, signed by a person. */
  deliver(
    by: Pick<Person, "keyId" | "privateKey">,
    activity: object,
    options?: DeliverOptions,
  ): Promise<Response>;
  /** Sends a request as it is. */
  send(request: Request): Promise<Response>;
}

export interface DeliverOptions {
  readonly path?: string;
  readonly spec?: "draft-cavage-http-signatures-12" | "rfc9421";
  /** What is done to the signed request before it is sent. */
  readonly alter?: (request: Request) => Request | Promise<Request>;
}

/** Starts the server at `https://l2.test`. */
export async function startGuardedServer(
  world: World,
  env: Record<string, string> = {},
): Promise<GuardedServer> {
  const server = await startTestServer({ ARTDAG_ORIGIN: "https://l2.test", ...env }, world.surroundings);
  const send = async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    const body = await request.arrayBuffer();
    return await server.request(pathname + search, {
      method: request.method,
      headers: request.headers,
      body,
    });
  };
  return {
    ...server,
    send,
    async deliver(by, activity, { path = "/inbox", spec, alter = (unchanged: Request) => unchanged } = {}) {
      const request = new Request(`https://l2.test${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/activity+json" },
        body: JSON.stringify({ "@context": "https://www.w3.org/ns/activitystreams", ...activity }),
      });
      const signed = await signRequest(
        request,
        by.privateKey,
        new URL(by.keyId),
        spec == null ? {} : { spec },
      );
      return await send(await alter(signed));
    },
  };
}
