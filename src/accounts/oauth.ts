import { createHash, randomBytes } from "node:crypto";
import { getLogger } from "@logtape/logtape";
import { z } from "zod";
import { isStorableText, truncate } from "../core/text.ts";
import { type Door, DoorError } from "../net/door.ts";
import { type Identity, type ProviderEndpoints, providerFacts, type ProviderName } from "./providers.ts";

const logger = getLogger(["artdag", "accounts", "oauth"]);

/** Of an answer, in bytes: who somebody is takes a few thousand. */
const maxAnswer = 64 * 1024;

export interface ProviderOptions {
  readonly provider: ProviderName;
  readonly id: string;
  readonly secret: string;
  /** The address at which this server hears the provider's answer. */
  readonly redirectUri: string;
  /** Instead of the provider's own. */
  readonly endpoints?: ProviderEndpoints | undefined;
}

/** What begins a sign-in: where to send the browser, and what to remember until it comes back. */
export interface Begun {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

export type IdentifyResult =
  | { readonly type: "identified"; readonly identity: Identity }
  /** The provider doesn't know the code, or not any more. */
  | { readonly type: "refused" }
  /** The provider can't be asked, or answers what makes no sense. */
  | { readonly type: "unavailable" };

/** A provider that is configured: the authorization code flow of OAuth 2.0 (RFC 6749, 4.1; RFC 7636). */
export interface Provider {
  readonly name: ProviderName;
  readonly title: string;
  begin(): Begun;
  /** Asks the provider whose the code is. */
  identify(code: string, verifier: string): Promise<IdentifyResult>;
}

/** A provider as this server uses it; all requests leave by the door. */
export function createProvider(door: Door, options: ProviderOptions): Provider {
  const facts = providerFacts[options.provider];
  const { title, pkce, scope } = facts;
  const endpoints = options.endpoints ?? facts.endpoints;
  const client = { client_id: options.id, redirect_uri: options.redirectUri };
  return {
    name: options.provider,
    title,
    begin() {
      const [state, verifier] = [randomText(), randomText()];
      const url = new URL(endpoints.authorize);
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      const parameters = {
        ...client,
        response_type: "code",
        state,
        ...(scope === "" ? {} : { scope }),
        ...(pkce ? { code_challenge: challenge, code_challenge_method: "S256" } : {}),
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { url: url.href, state, verifier };
    },
    async identify(code, verifier) {
      try {
        const body = new URLSearchParams({
          ...client,
          client_secret: options.secret,
          grant_type: "authorization_code",
          code,
          ...(pkce ? { code_verifier: verifier } : {}),
        });
        const token = await fetchToken(door, endpoints.token, body);
        if (token == null) return { type: "refused" };
        return { type: "identified", identity: await fetchIdentity(door, endpoints.user, token, options) };
      } catch (error) {
        if (!(error instanceof DoorError || error instanceof AnswerError)) throw error;
        logger.warn("{provider} did not say who somebody is: {reason}", {
          provider: title,
          reason: error.message,
        });
        return { type: "unavailable" };
      }
    },
  };
}

/** An answer that is of no use. */
class AnswerError extends Error {
  override readonly name = "AnswerError";
}

const tokenAnswer = z.object({ access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/) });
// GitHub has a name of its own for RFC 6749's `invalid_grant`, and says it with status 200.
const refusedAnswer = z.object({ error: z.enum(["invalid_grant", "bad_verification_code"]) });
const errorAnswer = z.object({ error: z.string().max(100) });

/** The token for a code; `undefined` where the provider refuses the code. */
async function fetchToken(door: Door, url: string, body: URLSearchParams): Promise<string | undefined> {
  const answer = await door.fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
    body: body.toString(),
    redirect: "error",
    maxBytes: maxAnswer,
  });
  const json = parseJson(answer.text());
  if (refusedAnswer.safeParse(json).success) return undefined;
  const error = errorAnswer.safeParse(json);
  if (error.success) throw new AnswerError(`the token endpoint answered ${JSON.stringify(error.data.error)}`);
  const token = tokenAnswer.safeParse(json);
  if (answer.status === 200 && token.success) return token.data.access_token;
  throw new AnswerError(`the token endpoint answered ${answer.status} without a token`);
}

async function fetchIdentity(
  door: Door,
  url: string,
  token: string,
  { provider }: ProviderOptions,
): Promise<Identity> {
  const answer = await door.fetch(url, {
    headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
    redirect: "error",
    maxBytes: maxAnswer,
  });
  const user = providerFacts[provider].user.safeParse(parseJson(answer.text()));
  if (answer.status !== 200 || !user.success || !isStorableText(user.data.subject))
    throw new AnswerError(`the user endpoint answered ${answer.status} without a user`);
  const { subject, label } = user.data;
  return { provider, subject, label: isStorableText(label) ? truncate(label, 100) : subject.slice(0, 100) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AnswerError("the answer is no JSON");
  }
}

/** 256 bits that nobody guesses. */
function randomText(): string {
  return randomBytes(32).toString("base64url");
}
