import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A renderer that says of each run what a test wants. */
export interface ScriptedL1 {
  readonly origin: string;
  /** What it was asked, in order, as `METHOD /path`. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  /** Has a run of that id, completed where the fields don't say otherwise; gives its JSON as it is sent. */
  setRun(id: string, fields?: object): string;
  /** Serves a file; gives its hash. */
  setFile(bytes: string | Buffer, mediaType?: string): string;
  /** Answers a path as it likes. */
  setAnswer(path: string, answer: Answer): void;
}

/** Starts it; it ends with the tests of the file. */
export async function startScriptedL1(): Promise<ScriptedL1> {
  const answers = new Map<string, Answer>();
  const requests: ScriptedL1["requests"] = [];
  const server = createServer((request, response) => {
    const { method, url = "", headers } = request;
    requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
    const answer = answers.get(url) ?? ((_request, unknown) => unknown.writeHead(404).end("unknown"));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(async () => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const serve = (type: string, body: string | Buffer): Answer => {
    const headers = { "Content-Type": type, "Content-Length": Buffer.byteLength(body) };
    return (request, response) =>
      void response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : body);
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    setRun(id, fields = {}) {
      const json = JSON.stringify({ run_id: id, status: "completed", inputs: [], ...fields }, null, 1);
      answers.set(`/runs/${id}`, serve("application/json", json));
      return json;
    },
    setFile(bytes, mediaType = "image/png") {
      const hash = createHash("sha3-256").update(bytes).digest("hex");
      answers.set(`/cache/${hash}`, serve(mediaType, bytes));
      return hash;
    },
    setAnswer: (path, answer) => void answers.set(path, answer),
  };
}
