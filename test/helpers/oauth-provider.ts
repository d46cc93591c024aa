import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll } from "vitest";
import type { ProviderEndpoints } from "../../src/accounts/providers.ts";

type Answer = (response: ServerResponse) => void;

/** A stand-in for GitHub, Google and Discord, whose user says yes to everything. */
export interface OAuthStandIn {
  readonly endpoints: ProviderEndpoints;
  /** Who is signed in there, as its user endpoint says it. */
  person: Record<string, unknown>;
  /** Whether the user says no. */
  denies: boolean;
  /** Instead of what the endpoints answer. */
  tokenAnswer: Answer | undefined;
  userAnswer: Answer | undefined;
  /** What it was asked, in order: the path, and the parameters that were sent. */
  readonly requests: { readonly path: string; readonly parameters: URLSearchParams }[];
}

/** The client that it knows. */
export const oauthClient = { id: "the-client", secret: "the-secret" };

/** Starts one on loopback; it ends with the tests of the file. */
export async function startOAuthStandIn(): Promise<OAuthStandIn> {
  const codes = new Map<string, { challenge: string | null; redirect: string | null }>();
  const tokens = new Set<string>();
  const requests: OAuthStandIn["requests"] = [];

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const target = new URL(query.get("redirect_uri") ?? "");
    target.searchParams.set("state", query.get("state") ?? "");
    if (query.get("client_id") !== oauthClient.id) return void response.writeHead(400).end();
    if (standIn.denies) {
      target.searchParams.set("error", "access_denied");
      target.searchParams.set("error_description", "<script>alert(1)</script>");
    } else {
      const code = randomUUID();
      codes.set(code, { challenge: query.get("code_challenge"), redirect: query.get("redirect_uri") });
      target.searchParams.set("code", code);
    }
    response.writeHead(302, { Location: target.href }).end();
  }

  function giveToken(form: URLSearchParams, response: ServerResponse): void {
    const code = form.get("code") ?? "";
    const known = codes.get(code);
    codes.delete(code);
    const verifier = form.get("code_verifier");
    const challenge = verifier == null ? null : createHash("sha256").update(verifier).digest("base64url");
    const client =
      form.get("client_id") === oauthClient.id && form.get("client_secret") === oauthClient.secret;
    if (!client) return answerJson(response, 401, { error: "invalid_client" });
    const good = known?.challenge === challenge && known.redirect === form.get("redirect_uri");
    if (!good || form.get("grant_type") !== "authorization_code")
      return answerJson(response, 400, { error: "invalid_grant" });
    const token = randomUUID();
    tokens.add(token);
    answerJson(response, 200, { access_token: token, token_type: "bearer", scope: "" });
  }

  function giveUser({ headers }: IncomingMessage, response: ServerResponse): void {
    const token = headers.authorization?.replace("Bearer ", "") ?? "";
    if (tokens.has(token)) answerJson(response, 200, standIn.person);
    else answerJson(response, 401, { message: "Bad credentials" });
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      requests.push({ path: pathname, parameters: pathname === "/token" ? form : searchParams });
      if (pathname === "/authorize") authorize(searchParams, response);
      else if (pathname === "/token") (standIn.tokenAnswer ?? ((to) => giveToken(form, to)))(response);
      else (standIn.userAnswer ?? ((to) => giveUser(request, to)))(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" && address != null ? address.port : 0}`;
  const endpoints = {
    authorize: `${origin}/authorize`,
    token: `${origin}/token`,
    user: `${origin}/user`,
  };
  const standIn: OAuthStandIn = {
    endpoints,
    person: {},
    denies: false,
    tokenAnswer: undefined,
    userAnswer: undefined,
    requests,
  };
  return standIn;
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
