import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { homePage, messagePage } from "./pages.ts";
import { makeSamples, type Run, type RunName } from "./samples.ts";
import { createVisitors } from "./visitors.ts";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization?: string;
}

export interface ReferenceL1 {
  readonly origin: string;
  /** By what they are good for. `outputHash` is empty where there is no output. */
  readonly runs: Readonly<Record<RunName, { readonly id: string; readonly outputHash: string }>>;
  /** Every request so far, the first one first. */
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** By another name than L2's cookie: to browsers, all ports of a host are one. */
const cookieName = "l1_session";

/**
 * A renderer as anybody may write one: it knows of L2 that users are sent to `/auth` with a token, and that
 * `/auth/verify` says whose token it is. It signs them in with a cookie of its own and shows them some runs. Those without
 * an owner are of everybody who was ever signed in here: `username` is the first, `requesters` are all.
 */
export async function startReferenceL1(options: { l2Origin: string; port?: number }): Promise<ReferenceL1> {
  const { l2Origin } = options;
  const { files, runs } = makeSamples();
  const visitors = createVisitors(l2Origin);
  const requests: SeenRequest[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: target = "", headers } = request;
    const { authorization } = headers;
    requests.push({ method, url: target, ...(authorization == null ? {} : { authorization }) });
    const url = URL.parse(target, "http://l1.invalid");
    const path = url?.pathname ?? "";
    const cookie = new RegExp(`(?:^|; )${cookieName}=([^;]*)`).exec(headers.cookie ?? "")?.[1];
    if (method === "POST" && path === "/auth/logout") {
      visitors.signOut(cookie);
      sendHome(response, "", 0);
    } else if (method !== "GET" && method !== "HEAD") sendText(response, 405, "Method not allowed");
    else if (path === "/auth") await signIn(response, url?.searchParams.get("auth_token") ?? "");
    else if (path === "/") await showHome(response, cookie);
    else if (path.startsWith("/runs/")) sendRun(response, path.slice("/runs/".length));
    else if (path.startsWith("/cache/")) sendFile(response, path.slice("/cache/".length));
    else sendText(response, 404, "Not found");
  }

  async function signIn(response: ServerResponse, token: string): Promise<void> {
    const { cookie, verification } = await visitors.signIn(token);
    if (cookie != null) sendHome(response, cookie, 24 * 60 * 60);
    else if (verification.type === "unreachable") {
      sendPage(response, 502, messagePage("L2 does not answer", l2Origin));
    } else sendPage(response, 401, messagePage("L2 does not know that token", l2Origin));
  }

  async function showHome(response: ServerResponse, cookie: string | undefined): Promise<void> {
    const verification = await visitors.find(cookie);
    if (verification?.type === "unreachable") {
      sendPage(response, 502, messagePage("L2 does not answer", l2Origin));
      return;
    }
    const username = verification?.type === "valid" ? verification.username : undefined;
    const own = Object.values(runs).filter((run) => run.username == null || run.username === username);
    sendPage(response, 200, homePage({ username, l2Origin, runs: own }));
  }

  function sendRun(response: ServerResponse, id: string): void {
    const run = Object.values(runs).find((candidate) => candidate.id === id);
    if (run == null) sendText(response, 404, "No such run");
    else send(response, 200, "application/json", JSON.stringify(toJson(run, visitors.usernames)));
  }

  function sendFile(response: ServerResponse, hash: string): void {
    const file = files.get(hash);
    if (file == null) sendText(response, 404, "No such file");
    else send(response, 200, file.mediaType, file.bytes);
  }

  const server = createServer((request, response) => {
    request.resume();
    answer(request, response).catch(() => sendText(response, 500, "Something went wrong"));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    runs: Object.fromEntries(
      Object.entries(runs).map(([name, { id, outputHash }]) => [name, { id, outputHash: outputHash ?? "" }]),
    ) as ReferenceL1["runs"],
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      }),
  };
}

function toJson(run: Run, visitors: readonly string[]) {
  const requesters = run.username == null ? visitors : [run.username];
  const username = requesters[0];
  return {
    run_id: run.id,
    status: run.status,
    recipe: run.recipe,
    inputs: run.inputs,
    output_hash: run.outputHash ?? null,
    output_name: run.outputName,
    created_at: run.created,
    completed_at: run.completed ?? null,
    ...(run.error == null ? {} : { error: run.error }),
    ...(username == null ? {} : { username, requesters }),
  };
}

/** On to the page, with a cookie that holds for so many seconds; without the token in the address. */
function sendHome(response: ServerResponse, cookie: string, seconds: number): void {
  response
    .writeHead(303, {
      Location: "/",
      "Set-Cookie": `${cookieName}=${cookie}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax`,
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
    })
    .end();
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.setHeader("Cache-Control", "no-store");
  send(response, status, "text/html; charset=utf-8", page);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain; charset=utf-8", text);
}

function send(response: ServerResponse, status: number, mediaType: string, body: string | Buffer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, {
    "Content-Type": mediaType,
    "Content-Length": length,
    "X-Content-Type-Options": "nosniff",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
