import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { serve } from "@hono/node-server";
import { afterAll } from "vitest";
import { createApp } from "../../src/app.ts";
import { loadConfig } from "../../src/config.ts";
import { startWorkers } from "../../src/federation/workers.ts";
import { openResources, type Resources, type Surroundings } from "../../src/resources.ts";
import { createTestDatabase } from "./database.ts";

/** A whole server in this process: its app, its workers, its socket on loopback. */
export interface TestServer {
  readonly origin: string;
  /** Where it really listens, whatever its origin. */
  readonly address: string;
  readonly databaseUrl: string;
  readonly dataDirectory: string;
  readonly resources: Resources;
  /** The password of the first user. */
  readonly password: string;
  /** Sends a request to the server; a path is one of its own. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON, with a token where one is given, and reads the JSON of the answer. */
  json(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; body: Json; headers: Headers }>;
  /** Registers a user and gives a token. */
  register(username: string): Promise<string>;
  /** Logs in the first user, who administers the server, and gives a token. */
  logIn(): Promise<string>;
}

/** JSON whose shape a test knows. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** Starts a server with a database and a directory of its own; it is stopped after the tests of the file. */
export async function startTestServer(
  env: Record<string, string> = {},
  surroundings: Surroundings = {},
): Promise<TestServer> {
  const databaseUrl = env["DATABASE_URL"] ?? (await createTestDatabase());
  const dataDirectory = env["ARTDAG_DATA"] ?? (await makeTemporaryDirectory());
  const port = Number(env["PORT"] ?? (await findFreePort()));
  const config = loadConfig({
    PORT: String(port),
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    ARTDAG_DATA: dataDirectory,
    ARTDAG_USER: "alice",
    L1_SERVERS: "",
    ...noLimits,
    ARTDAG_CACHE_SECONDS: "0",
    ...env,
  });
  const resources = await openResources(config, surroundings);
  const stopWorkers = await startWorkers(resources.federationContext, resources.federation.federation);
  const app = createApp({
    web: resources.web,
    federation: resources.federation,
    hosts: [new URL(config.origin).host],
  });
  const listening = Promise.withResolvers<unknown>();
  const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, listening.resolve);
  server.once("error", listening.reject);
  await listening.promise;
  afterAll(async () => {
    await new Promise((done) => {
      server.close(done);
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
    stopWorkers();
    await resources.close();
  });

  // A server that is told it stands elsewhere is still reached here.
  const address = `http://127.0.0.1:${port}`;
  const base = config.origin.startsWith("https:") ? address : config.origin;
  const request = (url: string, init?: RequestInit) =>
    fetch(new URL(url, base), { redirect: "manual", ...init });
  const json: TestServer["json"] = async (method, url, body, token) => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token != null) headers["Authorization"] = `Bearer ${token}`;
    const response = await request(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === "" ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  };
  return {
    origin: config.origin,
    address,
    databaseUrl,
    dataDirectory,
    resources,
    password: resources.firstPassword ?? "",
    request,
    json,
    async logIn() {
      const login = { username: config.admin, password: resources.firstPassword };
      return (await json("POST", "/auth/login", login)).body.access_token;
    },
    async register(username) {
      const { body } = await json("POST", "/auth/register", { username, password: "correct horse battery" });
      return body.access_token;
    },
  };
}

/** All requests of the tests are of one address, and there are many. */
export const noLimits: Readonly<Record<string, string>> = {
  LIMIT_ADDRESS: "1000000",
  LIMIT_USER: "1000000",
  LIMIT_LOGIN_ADDRESS: "1000000",
  LIMIT_LOGIN_ACCOUNT: "1000000",
  LIMIT_REGISTER: "1000000",
};

/** A directory that is removed after the tests of the file. */
export async function makeTemporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "artdag-test-"));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A port on loopback that nobody listens at now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address != null ? address.port : 0;
}

/** Asks again and again until the answer is not `undefined`; fails after `limit` milliseconds. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  limit = 20_000,
): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`did not happen within ${limit / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
