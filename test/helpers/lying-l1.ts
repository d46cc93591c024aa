import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer, type Socket } from "node:net";
import type { SeenRequest } from "../reference-l1/server.ts";
import { findFreePort } from "./server.ts";

/** What a renderer gets wrong. But for that, it answers every run id as a completed run, and has the output. */
export type Lie =
  /** The output's bytes have another hash than the run says. */
  | "wrong-hash"
  /** What the run calls its output's hash is none. */
  | "no-hash"
  /** The run names no output. */
  | "no-output"
  | "wrong-run-id"
  | "html"
  /** JSON that is cut off. */
  | "broken-json"
  /** A run without end. */
  | "endless"
  /** A run that comes byte by byte, and takes a minute. */
  | "slow"
  /** An output without end. */
  | "endless-output"
  /** To where the honest answer is. */
  | "redirect"
  | "others-run"
  | "running"
  | "failed"
  /** An error (500). */
  | "error"
  /** Nobody knows the run (404). */
  | "unknown"
  /** Nothing listens there. */
  | "refused"
  /** Takes connections and says nothing. */
  | "silent"
  /** Lies in nothing. */
  | "none";

export interface LyingL1 {
  readonly origin: string;
  /** The hash that the run names as its output's. */
  readonly outputHash: string;
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

const output = Buffer.from("the true output");
const outputHash = createHash("sha3-256").update(output).digest("hex");

/** Starts a renderer that tells one lie. */
export async function startLyingL1(lie: Lie): Promise<LyingL1> {
  const requests: SeenRequest[] = [];
  if (lie === "refused") {
    const origin = `http://127.0.0.1:${await findFreePort()}`;
    return { origin, outputHash, requests, stop: () => Promise.resolve() };
  }
  if (lie === "silent") return await startSilent(requests);
  const timers = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    const { authorization } = request.headers;
    requests.push({ method, url, ...(authorization == null ? {} : { authorization }) });
    request.resume();
    answer(lie, request, response, timers);
  });
  return {
    origin: await listen(server),
    outputHash,
    requests,
    stop() {
      for (const timer of timers) clearInterval(timer);
      return new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
    },
  };
}

function answer(
  lie: Lie,
  request: IncomingMessage,
  response: ServerResponse,
  timers: Set<NodeJS.Timeout>,
): void {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const honest = path.startsWith("/honest/");
  const [, kind = "", name = ""] = /\/(runs|cache)\/([^/]+)$/.exec(path) ?? [];
  const sendJson = (body: unknown) =>
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  if (kind === "cache") {
    response.writeHead(200, { "Content-Type": "image/png" });
    if (request.method === "HEAD") response.end();
    else if (lie === "endless-output") repeat(response, Buffer.alloc(65_536), 1, timers);
    else response.end(lie === "wrong-hash" ? "a false output" : output);
    return;
  }
  if (kind !== "runs") {
    response.writeHead(404).end();
    return;
  }
  if (honest) {
    sendJson(describeRun(name));
    return;
  }
  switch (lie) {
    case "no-hash":
      return void sendJson({ ...describeRun(name), output_hash: "../../auth/me" });
    case "no-output":
      return void sendJson({ ...describeRun(name), output_hash: null });
    case "wrong-run-id":
      return void sendJson(describeRun("another-run"));
    case "others-run":
      return void sendJson({ ...describeRun(name), username: "somebody_else" });
    case "running":
      return void sendJson({ ...describeRun(name), status: "running", output_hash: null });
    case "failed":
      return void sendJson({
        ...describeRun(name),
        status: "failed",
        output_hash: null,
        error: "out of memory",
      });
    case "html":
      return void response
        .writeHead(200, { "Content-Type": "text/html" })
        .end("<!doctype html><title>Sign in</title>");
    case "broken-json":
      return void response.writeHead(200, { "Content-Type": "application/json" }).end('{"run_id": "');
    case "redirect":
      return void response.writeHead(302, { Location: `/honest/runs/${name}` }).end();
    case "error":
      return void response.writeHead(500).end("no");
    case "unknown":
      return void response.writeHead(404).end("no");
    case "endless":
      response.writeHead(200, { "Content-Type": "application/json" }).write('{"run_id": "');
      return repeat(response, Buffer.alloc(65_536, "a"), 1, timers);
    case "slow":
      response.writeHead(200, { "Content-Type": "application/json" }).write("{");
      return repeat(response, Buffer.from(" "), 500, timers);
    default:
      return void sendJson(describeRun(name));
  }
}

function describeRun(id: string) {
  return {
    run_id: id,
    status: "completed",
    recipe: "b".repeat(64),
    inputs: ["c".repeat(64)],
    output_hash: outputHash,
    output_name: "output",
    created_at: "2026-01-10T10:00:00Z",
    completed_at: "2026-01-10T10:00:09Z",
  };
}

/** Writes the same again and again, until whoever reads goes away. */
function repeat(response: ServerResponse, bytes: Buffer, pause: number, timers: Set<NodeJS.Timeout>): void {
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(bytes);
  }, pause);
  timers.add(timer);
  response.once("close", () => {
    clearInterval(timer);
    timers.delete(timer);
  });
}

async function startSilent(requests: SeenRequest[]): Promise<LyingL1> {
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (data: Buffer) => {
      const [method = "", url = ""] = data.toString("latin1").split(" ");
      requests.push({ method, url });
    });
  });
  return {
    origin: await listen(server),
    outputHash,
    requests,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server | ReturnType<typeof createSocketServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
