import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import { wantsPage } from "./answer.tsx";
import { type AnswerCache, createAnswerCache, type KeptAnswer } from "./answer-cache.ts";
import type { Context, WebEnv } from "./context.ts";

/** How much of answers is kept in memory, in bytes. */
const memory = 32 * 1024 * 1024;
/** How long the address and the Accept of a request may be, in characters, for its answer to be kept. */
const longestKey = 2048;
const keepable = /^(?:text\/html|application\/(?:[\w.+-]+\+)?(?:json|xml))\b/i;

/**
 * Gives strangers answers that are the same for all of them: with a weak entity tag and 304 (RFC 9110, 13), an age that
 * caches may let them reach (RFC 9111), and made once for all who ask within it. Who is known, by a cookie or a token,
 * gets an answer of his own.
 */
export function createPublicAnswers(seconds: number) {
  const cache = createAnswerCache({ seconds, bytes: memory });
  return {
    /** For the addresses whose answers depend on address and Accept only. */
    share: createMiddleware<WebEnv>(async (c, next) => {
      const key = findKey(c);
      const answer = key == null ? await forOne(next) : await forAll(c, cache, key, next);
      if (answer != null) {
        c.res = undefined;
        c.res = respond(c, answer, seconds, cache.now());
      }
      vary(c.res.headers);
    }),
    /** Forgets what was kept as soon as somebody who is known has changed something here. */
    forget: createMiddleware<WebEnv>(async (c, next) => {
      await next();
      // What strangers send, to sign in and out, changes nothing that others see, and would keep nothing here for long.
      if (!reads(c) && c.res.status < 400 && c.get("session") != null) cache.clear();
    }),
  };
}

async function forOne(next: () => Promise<void>): Promise<undefined> {
  await next();
}

async function forAll(
  c: Context,
  cache: AnswerCache,
  key: string,
  next: () => Promise<void>,
): Promise<KeptAnswer | undefined> {
  const found = cache.find(key);
  if (found != null) return (await found) ?? (await forOne(next));
  const begun = cache.now();
  const end = cache.begin(key);
  let answer: KeptAnswer | undefined;
  try {
    await next();
    answer = await capture(c.res, begun);
    return answer;
  } finally {
    end(answer);
  }
}

/** What the answer depends on; `undefined` where it may be for one alone. */
function findKey(c: Context): string | undefined {
  const page = wantsPage(c);
  const known = c.req.header("cookie") != null || c.req.header("authorization") != null;
  if (!reads(c) || known || (c.get("web").authorizedFetch && !page)) return undefined;
  const { pathname, search } = new URL(c.req.url);
  // All who want a page get the same one; what others get, their words may decide.
  const key = `${page ? "page" : (c.req.header("accept") ?? "")} ${pathname}${search}`;
  return key.length > longestKey ? undefined : key;
}

function reads(c: Context): boolean {
  return c.req.method === "GET" || c.req.method === "HEAD";
}

/** What of an answer can be given to others; `undefined` where it is no success, has no end, or is private. */
async function capture(response: Response, begun: number): Promise<KeptAnswer | undefined> {
  const { status, headers } = response;
  const hidden = /private|no-store/i.test(headers.get("Cache-Control") ?? "") || headers.has("Set-Cookie");
  if (status !== 200 || hidden || !keepable.test(headers.get("Content-Type") ?? "")) return undefined;
  const body = new Uint8Array(await response.arrayBuffer());
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return { headers: [...headers], body, etag: `W/"${digest}"`, begun };
}

function respond(c: Context, answer: KeptAnswer, seconds: number, now: number): Response {
  const headers = new Headers(answer.headers.map(([name, value]): [string, string] => [name, value]));
  headers.set("ETag", answer.etag);
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", describeAge(headers, seconds));
  const age = Math.floor((now - answer.begun) / 1000);
  if (age > 0) headers.set("Age", String(age));
  if (!matches(c.req.header("if-none-match"), answer.etag)) return new Response(answer.body, { headers });
  headers.delete("Content-Length");
  return new Response(null, { status: 304, headers });
}

/**
 * A browser asks every time whether its page is still the one, since it may have signed in or changed something since,
 * and heeds no `Vary: Cookie` that would say so.
 */
function describeAge(headers: Headers, seconds: number): string {
  if (seconds === 0) return "public, no-cache";
  const page = headers.get("Content-Type")?.startsWith("text/html") === true;
  if (page) return `public, max-age=0, s-maxage=${seconds}`;
  return `public, max-age=${seconds}, stale-while-revalidate=${seconds * 3}`;
}

/** Whether a validator of the header If-None-Match is the tag, compared weakly (RFC 9110, 13.1.2). */
function matches(header: string | undefined, etag: string): boolean {
  const tags = new Set(header?.split(",").map((tag) => tag.trim().replace(/^W\//, "")));
  return tags.has("*") || tags.has(etag.replace(/^W\//, ""));
}

/** Known visitors get other answers from the same addresses. */
function vary(headers: Headers): void {
  const named = (headers.get("Vary") ?? "").toLowerCase().split(/\s*,\s*/);
  for (const name of ["Accept", "Cookie", "Authorization"]) {
    if (!named.includes(name.toLowerCase())) headers.append("Vary", name);
  }
}
